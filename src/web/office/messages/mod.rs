//! Writing to the people of a session.

mod audience;
mod check;
mod sent;
mod write;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [sent::routes(), write::routes()].concat()
}
