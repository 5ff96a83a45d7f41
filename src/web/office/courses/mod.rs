//! Courses, which all organisers share.

mod list;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes()].concat()
}
