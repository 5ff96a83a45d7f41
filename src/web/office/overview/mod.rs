//! What needs somebody, and how full sessions are.

mod show;
mod tasks;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    show::routes()
}
