//! Writing to the people of a session.

mod across;
mod across_check;
mod across_scope;
mod audience;
mod check;
mod sent;
mod write;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [sent::routes(), write::routes(), across::routes(), across_check::routes()].concat()
}
