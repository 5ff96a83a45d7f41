//! Booking, step by step. A page is one file: what it shows, the form it reads, and its handlers, beside a
//! template of the same path.

mod again;
mod booked;
mod check;
mod choosable;
mod draft;
mod form;
pub mod hold;
mod hold_ended;
mod holding;
mod institution;
mod people;
mod people_form;
mod questions;
mod remembered;
mod series;
mod start;
pub mod steps;
mod typing;
mod waiting;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        holding::routes(),
        series::routes(),
        waiting::routes(),
        people::routes(),
        questions::routes(),
        hold_ended::routes(),
        check::routes(),
        booked::routes(),
        again::routes(),
    ]
    .concat()
}
