//! What the office says to many: the wording of letters, messages, and answers that are taken back.

use uuid::Uuid;

use super::Href;
use crate::domain::{
    id::{AllianceSlug, SessionCode},
    letter_wording::WordedLetter,
};

/// What the letters of alliances say in their own words.
pub fn wording() -> Href {
    Href::of("/office/wording")
}

pub fn wording_of(alliance: &AllianceSlug) -> Href {
    wording().join(alliance)
}

pub fn letter_wording(alliance: &AllianceSlug, letter: &WordedLetter) -> Href {
    wording_of(alliance).join(letter)
}

/// Writing to people of many sessions.
pub fn messages() -> Href {
    Href::of("/office/messages")
}

pub fn circular(id: &Uuid) -> Href {
    messages().join(id)
}

/// Taking answers back.
pub fn session_requests_undo(code: &SessionCode) -> Href {
    session(code).join("requests").join("undo")
}

/// Everybody to another date, before a session is called off.
pub fn session_move_everybody(code: &SessionCode) -> Href {
    session(code).join("move-everybody")
}

/// What changes about a session and all that follow it.
pub fn session_series(code: &SessionCode) -> Href {
    session(code).join("series")
}

fn session(code: &SessionCode) -> Href {
    Href::of("/office/sessions").join(code)
}
