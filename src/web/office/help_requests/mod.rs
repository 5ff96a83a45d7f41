//! Help so that somebody can come: what a session offers, who asks, and what is decided within its budget.

mod list;
mod many;
mod money;
mod of_session;
mod offer;
mod one;
mod said;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), of_session::routes(), offer::routes(), many::routes(), one::routes()].concat()
}
