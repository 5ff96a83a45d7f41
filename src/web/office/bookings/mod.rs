//! Bookings, as the office looks after them.

mod add;
mod address;
mod book;
mod cancel;
mod files;
mod history;
mod leader;
mod links;
mod list;
mod move_places;
mod move_up;
mod needs;
mod out_of_turn;
mod person;
pub mod questions;
mod search;
mod show;
mod split;
mod stay;
mod withdraw_offer;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        search::routes(),
        files::routes(),
        list::routes(),
        show::routes(),
        add::routes(),
        address::routes(),
        needs::routes(),
        split::routes(),
        book::routes(),
        cancel::routes(),
        links::routes(),
        leader::routes(),
        move_places::routes(),
        move_up::routes(),
        out_of_turn::routes(),
        person::routes(),
        questions::routes(),
        stay::routes(),
        withdraw_offer::routes(),
    ]
    .concat()
}
