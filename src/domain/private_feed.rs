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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples;

    #[test]
    fn a_feed_is_its_owners_whatever_she_is_called() {
        let login: StaffLogin = "ruth".parse().expect("a login");
        let of = |name: &str, email: &str| FeedOwner::Attendee {
            person: PersonId::new(Uuid::from_u128(7)),
            email: email.parse().expect("an address"),
            name: samples::name(name),
        };
        let season =
            |drafts| FeedOwner::Season(SeasonFeed { login: login.clone(), alliance: None, drafts });
        for (owner, key) in [
            (of("Ada Obi", "a@example.org"), "person:00000000-0000-0000-0000-000000000007"),
            (of("Ada Low", "b@example.org"), "person:00000000-0000-0000-0000-000000000007"),
            (FeedOwner::Trainer(login.clone()), "trainer:ruth"),
            (season(true), "season:ruth"),
            (season(false), "season:ruth"),
        ] {
            assert_eq!(owner.key(), key);
        }
    }
}
