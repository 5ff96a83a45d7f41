//! What institutions pledge.

mod chase;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [show::routes(), chase::routes()].concat()
}
