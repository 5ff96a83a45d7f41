//! Pledged, named and attended.

mod season;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    show::routes()
}
