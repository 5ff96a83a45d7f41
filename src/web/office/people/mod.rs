//! The people we know.

mod contact_lines;
mod contacts;
mod data;
mod files;
mod list;
mod merge;
pub mod path;
mod path_slip;
mod questions;
mod show;
mod unmerge;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        files::routes(),
        show::routes(),
        merge::routes(),
        contacts::routes(),
        questions::routes(),
        unmerge::routes(),
        path::routes(),
        path_slip::routes(),
        data::routes(),
    ]
    .concat()
}
