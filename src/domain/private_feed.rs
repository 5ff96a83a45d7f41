//! A calendar address that shows one reader what concerns her (C3).

use chrono::{DateTime, NaiveDate, Utc};

use super::{contact::EmailAddress, id::StaffLogin, text::Name};

/// Whose feed it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedOwner {
    /// Whoever comes under this address and this name: several people may share an inbox, so the
    /// address alone would show one what another does.
    Attendee {
        /// The address the invites go to; it may be shared, hence the name beside it.
        email: EmailAddress,
        /// Her name, as typed when the feed was made.
        name: Name,
    },
    /// Somebody who leads sessions.
    Trainer(StaffLogin),
}

impl FeedOwner {
    /// The owner as a key: an owner has one feed at a time.
    pub fn key(&self) -> String {
        match self {
            Self::Attendee { email, name } => format!("attendee:{email}:{}", folded(name)),
            Self::Trainer(login) => format!("trainer:{login}"),
        }
    }

    /// Whether a place under this name, at the owner's address, is hers. Capitals and spacing do
    /// not tell two people apart.
    pub fn is_named(&self, other: &Name) -> bool {
        matches!(self, Self::Attendee { name, .. } if folded(name) == folded(other))
    }
}

fn folded(name: &Name) -> String {
    let words: Vec<_> = name.as_str().split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
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
    use super::*;

    #[test]
    fn two_people_in_one_inbox_are_two_and_spelling_with_capitals_is_one() {
        let name = |text| Name::parse(text).expect("a name");
        let email: EmailAddress = "office@example.org".parse().expect("an address");
        let ada = FeedOwner::Attendee { email: email.clone(), name: name("Ada  Obi") };
        assert!(ada.is_named(&name("ada OBI")));
        assert!(!ada.is_named(&name("Ben Obi")));
        let same = FeedOwner::Attendee { email: email.clone(), name: name("Ada Obi") };
        let other = FeedOwner::Attendee { email, name: name("Ben Obi") };
        assert_eq!(ada.key(), same.key());
        assert_ne!(ada.key(), other.key());
    }
}
