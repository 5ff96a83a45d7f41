//! Alliances, the local chapters.

mod list;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes()].concat()
}
