//! Under an attendee's own, weaker link: her place, her needs, give it up; never the team.

mod certificate;
mod event;
mod feedback;
mod give_up;
mod handouts;
mod help;
pub mod opened;
mod place;
mod questions;
mod stay;
mod ticket;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        place::routes(),
        questions::routes(),
        stay::routes(),
        event::routes(),
        give_up::routes(),
        ticket::routes(),
        certificate::routes(),
        feedback::routes(),
        handouts::routes(),
        help::routes(),
    ]
    .concat()
}
