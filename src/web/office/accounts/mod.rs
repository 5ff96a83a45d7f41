//! Staff accounts: who has one, what for, and where they are signed in.

mod disable;
mod list;
mod passkeys;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes(), disable::routes(), passkeys::routes()].concat()
}
