//! Staying overnight: what somebody says of it, and the rooms.

use super::{Href, attendee, leader, office, trainer};
use crate::{
    domain::{
        id::{RoomId, SessionCode},
        reference::Reference,
    },
    token::Token,
};

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

/// The rooms of a session, and who sleeps where.
pub fn rooms(code: &SessionCode) -> Href {
    office::session(code).join("rooms")
}

/// The same with a draft for whoever has no room.
pub fn suggested(code: &SessionCode) -> Href {
    rooms(code).with("suggest", 1)
}

/// One of them.
pub fn room(code: &SessionCode, id: &RoomId) -> Href {
    rooms(code).join(id)
}

/// The rooming list, for whoever leads the session and for the house.
pub fn rooming_list(code: &SessionCode) -> Href {
    trainer::session(code).join("rooms")
}

pub fn rooming_csv(code: &SessionCode) -> Href {
    trainer::session(code).join("rooms.csv")
}

pub fn rooming_xlsx(code: &SessionCode) -> Href {
    trainer::session(code).join("rooms.xlsx")
}
