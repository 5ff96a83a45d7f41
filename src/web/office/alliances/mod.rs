//! Alliances, the local chapters.

mod list;
mod merge;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), merge::routes(), show::routes()].concat()
}
