//! The people we know.

mod data;
mod files;
mod list;
mod merge;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), files::routes(), show::routes(), merge::routes(), data::routes()].concat()
}
