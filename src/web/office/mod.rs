//! The organisers' desk, page by page.

mod addressed;
mod alike;
mod edits;
mod filling;
mod query;
mod seasons;
mod session_fields;

mod accounts;
mod alliances;
mod asking;
mod audit;
mod bookings;
mod catalogue_list;
mod courses;
mod decline;
mod demand;
mod feedback;
mod handouts;
mod help_requests;
mod import;
mod institutions;
mod letter_look;
mod letters;
mod messages;
mod nominations;
mod notes;
mod other_pages;
mod overview;
mod paths;
mod people;
mod pledges;
mod questions;
mod replies;
mod requests;
mod retry_letters;
mod rooms;
mod season;
mod sessions;
mod sheets;
mod supports;
mod turnout;
mod venues;
mod wording;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        overview::routes(),
        sessions::routes(),
        season::routes(),
        venues::routes(),
        questions::routes(),
        supports::routes(),
        requests::routes(),
        rooms::routes(),
        asking::routes(),
        bookings::routes(),
        pledges::routes(),
        turnout::routes(),
        letters::routes(),
        retry_letters::routes(),
        wording::routes(),
        messages::routes(),
        nominations::routes(),
        notes::routes(),
        decline::routes(),
        demand::routes(),
        feedback::routes(),
        replies::routes(),
        people::routes(),
        paths::routes(),
        institutions::routes(),
        courses::routes(),
        alliances::routes(),
        handouts::routes(),
        help_requests::routes(),
        import::routes(),
        sheets::routes(),
        audit::routes(),
        other_pages::routes(),
        accounts::routes(),
    ]
    .concat()
}
