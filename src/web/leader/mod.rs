//! Under a leader's private link, without an account.

pub mod cancel;
mod change;
mod history;
mod manage;
mod offer;
pub mod opened;
mod pledge;
mod waiting;
pub mod words;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        manage::routes(),
        change::routes(),
        cancel::routes(),
        offer::routes(),
        waiting::routes(),
        pledge::routes(),
    ]
    .concat()
}
