//! Every route, area by area.

mod account;
mod atom;
mod booking;
pub(super) mod booking_form;
mod booking_start;
pub(super) mod catalogue;
mod door;
mod door_code;
mod errors;
mod feeds;
mod health;
mod leader;
mod leader_pledge;
mod mailbox;
mod offer;
mod own_after;
mod papers;
pub(super) mod people_form;
mod place;
mod private_feeds;
mod roster_papers;
mod sign_in;
mod trainer;

use rocket::{Catcher, Route};

/// All routes.
pub fn all() -> Vec<Route> {
    [
        catalogue::routes(),
        booking_start::routes(),
        booking::routes(),
        offer::routes(),
        leader::routes(),
        leader_pledge::routes(),
        place::routes(),
        own_after::routes(),
        feeds::routes(),
        atom::routes(),
        private_feeds::routes(),
        sign_in::routes(),
        account::routes(),
        trainer::routes(),
        roster_papers::routes(),
        door::routes(),
        door_code::routes(),
        super::office::routes(),
        papers::routes(),
        mailbox::routes(),
        health::routes(),
        rocket::routes![super::assets::file, super::assets::robots],
    ]
    .concat()
}

/// The pages for errors.
pub fn catchers() -> Vec<Catcher> {
    errors::catchers()
}
