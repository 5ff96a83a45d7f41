//! The venues of the office, and the calendar of its season.

use super::Href;
use crate::domain::id::{SessionCode, VenueId};

/// A calendar of the season, for whoever looks after it.
pub fn season_calendar() -> Href {
    Href::of("/office/season").join("calendar")
}

pub fn season_calendar_stop() -> Href {
    season_calendar().join("stop")
}

pub fn list() -> Href {
    Href::of("/office/venues")
}

pub fn new() -> Href {
    list().join("new")
}

pub fn show(id: &VenueId) -> Href {
    list().join(id)
}

/// Where one day of a session is held.
pub fn day_place(code: &SessionCode, number: &u32) -> Href {
    super::office::session_days(code).join(number).join("place")
}

/// Sessions that say the same place become sessions at the venue.
pub fn adopt(id: &VenueId) -> Href {
    show(id).join("adopt")
}
