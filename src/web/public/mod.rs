//! Pages and feeds for anybody.

mod add_links;
mod atom;
mod calendars;
mod catalogue;
pub mod error;
mod feeds;
mod help;
mod json_ld;
pub mod listed;
mod lost_link;
mod places_words;
mod session;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        catalogue::routes(),
        session::routes(),
        calendars::routes(),
        feeds::routes(),
        atom::routes(),
        help::routes(),
        lost_link::routes(),
    ]
    .concat()
}
