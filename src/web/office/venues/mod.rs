//! Venues: a list, a page for each, and how one is chosen where a session is planned or moved.

mod choose;
mod form;
mod list;
mod questions;
mod show;

pub use choose::{VenueOption, choice, choose, options};
pub use questions::{asks, plan_use, words};

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes()].concat()
}
