//! Whom an organiser asks by name to come.

mod ask;
mod list;
mod one;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), one::routes(), ask::routes()].concat()
}
