//! Institutions, of the alliances somebody looks after.

mod candidates;
mod list;
mod merge;
mod recognise;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes(), merge::routes(), recognise::routes()].concat()
}
