//! Pages and feeds for anybody.

mod add_links;
mod alliance;
mod atom;
mod calendars;
mod catalogue;
mod course;
pub mod error;
mod feeds;
mod help;
mod json_ld;
pub mod listed;
mod lost_link;
mod places_words;
mod privacy;
mod session;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        catalogue::routes(),
        session::routes(),
        alliance::routes(),
        course::routes(),
        calendars::routes(),
        feeds::routes(),
        atom::routes(),
        help::routes(),
        privacy::routes(),
        lost_link::routes(),
    ]
    .concat()
}
