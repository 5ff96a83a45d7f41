//! What is arranged so that sessions work for everybody, and what it costs.

mod could_come;
mod of_session;
mod one;
mod season;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [season::routes(), of_session::routes(), one::routes(), could_come::routes()].concat()
}
