//! The door of a sitting, by what a trainer does there.

mod close;
mod code;
pub mod list;
pub mod sync;
pub mod tap;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), tap::routes(), close::routes(), sync::routes(), code::routes()].concat()
}
