//! Files that an organiser brings in, from choosing one to taking back what it made.

mod brought;
mod look;
mod made;
mod say;
mod start;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [start::routes(), look::routes(), say::routes(), made::routes()].concat()
}
