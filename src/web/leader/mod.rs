//! Under a leader's private link, without an account.

mod add_person;
mod all;
pub mod cancel;
mod change;
mod contact;
mod evenings;
mod handouts;
mod help;
mod history;
mod manage;
mod move_date;
mod new_link;
mod nominate;
mod notice;
mod offer;
pub mod opened;
mod person_line;
mod pledge;
mod questions;
mod share;
mod split;
mod stay;
pub mod stays;
pub mod together;
pub mod waiting;
pub mod words;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        manage::routes(),
        add_person::routes(),
        move_date::routes(),
        change::routes(),
        contact::routes(),
        cancel::routes(),
        evenings::routes(),
        new_link::routes(),
        offer::routes(),
        waiting::routes(),
        pledge::routes(),
        questions::routes(),
        stay::routes(),
        stays::routes(),
        nominate::routes(),
        handouts::routes(),
        help::routes(),
        all::routes(),
        split::routes(),
        share::routes(),
    ]
    .concat()
}
