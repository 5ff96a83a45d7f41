//! What people thought: of one session, over time and by trainer, and what is asked beside the three questions.

mod of_session;
mod over_time;
mod questions;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [of_session::routes(), over_time::routes(), questions::routes()].concat()
}
