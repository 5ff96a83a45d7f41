//! The people we know.

mod data;
mod files;
mod list;
mod merge;
mod show;
mod unmerge;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        files::routes(),
        show::routes(),
        merge::routes(),
        unmerge::routes(),
        data::routes(),
    ]
    .concat()
}
