//! Booking, step by step. A page is one file: what it shows, the form it reads, and its handlers, beside a
//! template of the same path.

mod booked;
mod check;
mod form;
pub mod hold;
mod hold_ended;
mod people;
mod start;
pub mod steps;
mod typing;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [start::routes(), people::routes(), hold_ended::routes(), check::routes(), booked::routes()]
        .concat()
}
