//! What happened to a session, for its people to be told.

use super::{
    id::{SessionCode, SittingId},
    text::Paragraph,
};

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Its days or its place are different.
    Changed {
        /// The days whose invites are different.
        sittings: Vec<SittingId>,
        /// In words, a line for each change.
        words: Vec<String>,
    },
    /// It is called off.
    Cancelled {
        /// Why, if somebody said.
        reason: Option<Paragraph>,
    },
}

/// Some news of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Which session.
    pub session: SessionCode,
    /// What happened to it.
    pub news: News,
    /// Whether leaders are told, or only those whose calendars say something else now.
    pub to_leaders: bool,
    /// What whoever changed it says in her own words, a paragraph each.
    pub said: Vec<String>,
}

/// How many people and leaders are being told by letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Leaders of bookings.
    pub leaders: usize,
    /// People with a place whose calendars say something else now.
    pub people: usize,
    /// Those who were asked by name or nominated, and have no place.
    pub asked: usize,
}
