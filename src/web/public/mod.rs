//! Pages and feeds for anybody.

mod add_links;
mod alliance;
mod api;
mod atom;
mod calendars;
mod catalogue;
mod certificate;
mod course;
mod elsewhere;
mod embed;
pub mod error;
mod feeds;
mod help;
mod initials;
mod json_ld;
pub mod listed;
mod lost_link;
mod oembed;
mod path_certificate;
mod places_words;
mod preview;
mod privacy;
mod rows;
mod series;
mod session;
mod sheet;
mod tell_me;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        catalogue::routes(),
        session::routes(),
        series::routes(),
        sheet::routes(),
        preview::routes(),
        embed::routes(),
        api::routes(),
        certificate::routes(),
        oembed::routes(),
        alliance::routes(),
        course::routes(),
        tell_me::routes(),
        calendars::routes(),
        feeds::routes(),
        atom::routes(),
        help::routes(),
        privacy::routes(),
        lost_link::routes(),
    ]
    .concat()
}
