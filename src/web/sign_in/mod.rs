//! Staff sign in with a passkey, or by a link in a letter, and out again. Opening a link changes
//! nothing: mail scanners open links too, so each page ends in a button.

mod ask;
mod confirm;
pub mod cookie;
mod leave;
pub mod passkey;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [ask::routes(), confirm::routes(), passkey::routes(), leave::routes()].concat()
}
