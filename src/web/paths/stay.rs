//! Staying overnight: what somebody says of it, and the rooms.

use super::{Href, attendee, leader, office};
use crate::{domain::reference::Reference, token::Token};

/// How whoever has a place stays.
pub fn own(token: &Token) -> Href {
    attendee::place(token).join("stay")
}

/// How the people of a booking stay.
pub fn of_booking(token: &Token) -> Href {
    leader::booking(token).join("stay")
}

/// How one of them does.
pub fn of_person(token: &Token, number: &u32) -> Href {
    leader::place(token, number).join("stay")
}

/// The same, as the office writes it down on her word.
pub fn by_office(reference: &Reference, number: &u32) -> Href {
    office::place(reference, number).join("stay")
}
