//! A calendar address that shows one reader what concerns her (C3).

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    contact::EmailAddress,
    id::{AllianceSlug, PersonId, StaffLogin},
    text::Name,
};

/// Whose feed it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedOwner {
    /// Somebody who comes: the person, whatever name and address she is booked under. Several people may
    /// share an inbox, so the address alone would show one what another does.
    Attendee {
        /// Who.
        person: PersonId,
        /// The address the invites went to when the feed was made.
        email: EmailAddress,
        /// Her name then.
        name: Name,
    },
    /// Somebody who leads sessions.
    Trainer(StaffLogin),
    /// Somebody who looks after the season.
    Season(SeasonFeed),
}

/// What an organiser's calendar of the season shows, of what she may see when it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonFeed {
    /// Who.
    pub login: StaffLogin,
    /// Of one alliance only.
    pub alliance: Option<AllianceSlug>,
    /// Whether drafts stand in it, as not certain yet.
    pub drafts: bool,
}

impl FeedOwner {
    /// The owner as a key: an owner has one feed at a time.
    pub fn key(&self) -> String {
        match self {
            Self::Attendee { person, .. } => format!("person:{person}"),
            Self::Trainer(login) => format!("trainer:{login}"),
            Self::Season(feed) => format!("season:{}", feed.login),
        }
    }
}

/// A feed that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateFeed {
    /// When its address was made.
    pub created_at: DateTime<Utc>,
    /// The day (UTC) a calendar last fetched it.
    pub last_used: Option<NaiveDate>,
}
