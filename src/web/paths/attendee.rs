//! What an attendee's own link opens.

use super::Href;
use crate::{domain::id::PlaceId, token::Token};

pub fn place(token: &Token) -> Href {
    Href::of("/p").join(token.secret())
}

/// The page that an event in a calendar leads to.
pub fn event(token: &Token) -> Href {
    Href::of("/e").join(token.secret())
}

/// What the session asks of her.
pub fn questions(token: &Token) -> Href {
    place(token).join("questions")
}

/// What somebody who was asked by name to come is asked.
pub fn invited(token: &Token) -> Href {
    Href::of("/invited").join(token.secret())
}

pub fn needs(token: &Token) -> Href {
    place(token).join("needs")
}

/// Asking for what is held about whoever has the place.
pub fn ask_my_data(token: &Token) -> Href {
    place(token).join("my-data")
}

/// What is held about whoever was sent this link.
pub fn my_data(token: &Token) -> Href {
    Href::of("/my-data").join(token.secret())
}

pub fn my_data_erase(token: &Token) -> Href {
    my_data(token).join("erase")
}

pub fn keep(token: &Token) -> Href {
    place(token).join("keep")
}

pub fn cancel(token: &Token) -> Href {
    place(token).join("cancel")
}

pub fn ticket(token: &Token) -> Href {
    place(token).join("ticket")
}

pub fn code_svg(token: &Token) -> Href {
    place(token).join("code.svg")
}

/// What the code on a ticket says; the door opens it.
pub fn code(place: &PlaceId) -> Href {
    Href::of("/door").join(place)
}

pub fn calendar(token: &Token) -> Href {
    place(token).join("calendar")
}

pub fn calendar_ics(token: &Token) -> Href {
    place(token).join("calendar.ics")
}

pub fn calendar_stop(token: &Token) -> Href {
    calendar(token).join("stop")
}

pub fn feedback(token: &Token) -> Href {
    place(token).join("feedback")
}

pub fn certificate(token: &Token) -> Href {
    place(token).join("certificate")
}

pub fn certificate_pdf(token: &Token) -> Href {
    place(token).join("certificate.pdf")
}
