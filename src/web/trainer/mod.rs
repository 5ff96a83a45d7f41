//! The trainer's pages: her sessions, their rosters, and the door.

mod badges;
pub mod door;
mod handouts;
mod helpers;
mod kitchen;
mod late;
mod rooms;
mod roster;
mod roster_files;
mod sessions;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        sessions::routes(),
        roster::routes(),
        rooms::routes(),
        roster_files::routes(),
        badges::routes(),
        kitchen::routes(),
        door::routes(),
        handouts::routes(),
        helpers::routes(),
    ]
    .concat()
}
