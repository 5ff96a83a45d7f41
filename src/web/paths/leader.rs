//! What a leader's private link opens.

use super::Href;
use crate::{domain::reference::Reference, token::Token};

pub fn booking(token: &Token) -> Href {
    Href::of("/r").join(token.secret())
}

pub fn booked(token: &Token) -> Href {
    booking(token).join("booked")
}

pub fn calendar_ics(token: &Token) -> Href {
    booking(token).join("calendar.ics")
}

/// All evenings of the booking that are to come are given up.
pub fn evenings_cancel(token: &Token) -> Href {
    booking(token).join("evenings").join("cancel")
}

/// Another evening of it.
pub fn evening(token: &Token, reference: &Reference) -> Href {
    booking(token).join("evenings").join(reference)
}

pub fn resend(token: &Token) -> Href {
    booking(token).join("resend")
}

/// What the session asks.
pub fn questions(token: &Token) -> Href {
    booking(token).join("questions")
}

/// One person more.
pub fn add(token: &Token) -> Href {
    booking(token).join("add")
}

/// Coming on another date.
pub fn move_date(token: &Token) -> Href {
    booking(token).join("move")
}

/// Asking for what is held about whoever leads the booking.
pub fn ask_my_data(token: &Token) -> Href {
    booking(token).join("my-data")
}

/// A new private link instead of this one.
pub fn new_link(token: &Token) -> Href {
    booking(token).join("new-link")
}

/// Who looks after the booking.
pub fn contact(token: &Token) -> Href {
    booking(token).join("contact")
}

pub fn place(token: &Token, number: &u32) -> Href {
    booking(token).join("places").join(number)
}

pub fn place_cancel(token: &Token, number: &u32) -> Href {
    place(token, number).join("cancel")
}

/// Somebody of the booking gets one of her own.
pub fn place_split(token: &Token, number: &u32) -> Href {
    place(token, number).join("split")
}

/// Everything under her address.
pub fn all(token: &Token) -> Href {
    booking(token).join("all")
}

/// One of her other bookings.
pub fn all_open(token: &Token, reference: &Reference) -> Href {
    all(token).join(reference)
}

/// The same people on another session.
pub fn again(token: &Token) -> Href {
    booking(token).join("again")
}

/// Telling the people of the booking.
pub fn share(token: &Token) -> Href {
    booking(token).join("share")
}

/// The same, for one of them.
pub fn share_one(token: &Token, number: &u32) -> Href {
    share(token).with("place", number)
}

/// Giving up all places.
pub fn cancel(token: &Token) -> Href {
    booking(token).join("cancel")
}

/// Leaving the waiting list.
pub fn leave(token: &Token) -> Href {
    booking(token).join("leave")
}

pub fn wait_again(token: &Token) -> Href {
    booking(token).join("wait-again")
}

pub fn pledge(token: &Token) -> Href {
    booking(token).join("pledge")
}

pub fn offer(token: &Token) -> Href {
    Href::of("/offers").join(token.secret())
}

/// Nominating somebody of her institution for a course.
pub fn nominate(token: &Token) -> Href {
    booking(token).join("nominate")
}
