//! Help so that somebody can come: who asks, and what is decided.

use super::{Href, attendee, leader, office};
use crate::{
    domain::id::{HelpRequestId, SessionCode},
    token::Token,
};

/// Asking with one's own place.
pub fn own(token: &Token) -> Href {
    attendee::place(token).join("help")
}

/// Asking for one of those one booked for.
pub fn for_person(token: &Token, number: &u32) -> Href {
    leader::place(token, number).join("help")
}

/// Who asks on a session.
pub fn of_session(code: &SessionCode) -> Href {
    office::session(code).join("help")
}

/// One decision for several of them.
pub fn many(code: &SessionCode) -> Href {
    of_session(code).join("many")
}

/// With what a session helps.
pub fn offer(code: &SessionCode) -> Href {
    of_session(code).join("offer")
}

/// Who asks, of all sessions.
pub fn list() -> Href {
    Href::of("/office/help")
}

/// The same as a file for the accounts.
pub fn csv() -> Href {
    Href::of("/office/help.csv")
}

/// One of them.
pub fn one(id: &HelpRequestId) -> Href {
    list().join(id)
}
