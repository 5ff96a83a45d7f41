//! People who ask for places.

mod decide;
mod list;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), decide::routes()].concat()
}
