//! Identifiers: never a bare `String` or `Uuid` in a signature.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::contact::EmailAddress;

/// Why a text is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: use 1 to 64 letters, digits, dots or hyphens")]
pub struct InvalidKey {
    /// What the text was meant to name, such as `session code`.
    pub kind: &'static str,
}

/// Identifiers that people read and URLs carry: letters, digits, `.`, `-` and `_`, 1 to 64 of them.
macro_rules! define_key {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The identifier as it stands in URLs, files and columns.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidKey;

            fn from_str(text: &str) -> Result<Self, InvalidKey> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
                let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
                if starts_well && text.len() <= 64 && text.chars().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidKey { kind: $kind })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Identifiers only the program sees: time-ordered UUIDs, made by the caller's random source.
macro_rules! define_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an existing UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID as stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

define_key!(
    /// An alliance's short name in URLs, such as `citizens-mk`.
    AllianceSlug, "alliance"
);
define_key!(
    /// An institution's code on the organisation's own list, such as `I0001`.
    InstitutionCode, "institution code"
);
define_key!(
    /// A course's short name in URLs, such as `two-day`.
    CourseSlug, "course"
);
define_key!(
    /// A session's public code, such as `S001`: bookmarked, printed, never changed.
    SessionCode, "session code"
);
define_key!(
    /// A staff member's login, such as `amina.yusuf`.
    StaffLogin, "staff login"
);

define_key!(
    /// A path's short name in URLs, such as `community-organiser`.
    PathSlug, "path"
);

define_key!(
    /// A venue's number on the office's list, such as `V001`.
    VenueId, "venue"
);

define_key!(
    /// A question's number, such as `Q0001`: forms, files and programs name it by it.
    QuestionCode, "question"
);

define_key!(
    /// A series' short name in URLs, such as `learning-thursday`.
    SeriesId, "series"
);

impl SeriesId {
    /// The short name of the series that a session begins; another where that is taken.
    pub fn from_session(session: &SessionCode, attempt: u32) -> Self {
        let mut key = session.as_str().to_lowercase();
        key.truncate(50);
        Self(if attempt <= 1 { key } else { format!("{key}-{attempt}") })
    }
}

/// A key made of a title, such as `power-analysis`, with a number where that is taken.
fn key_of(title: &str, attempt: u32) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut key = words.collect::<Vec<_>>().join("-");
    key.truncate(50);
    let stem = key.trim_end_matches('-');
    let stem = if stem.is_empty() { "new" } else { stem };
    if attempt <= 1 { stem.to_owned() } else { format!("{stem}-{attempt}") }
}

impl CourseSlug {
    /// The short name of a new course.
    pub fn from_title(title: &str, attempt: u32) -> Self {
        Self(key_of(title, attempt))
    }
}

impl AllianceSlug {
    /// The short name of a new alliance.
    pub fn from_name(name: &str, attempt: u32) -> Self {
        Self(key_of(name, attempt))
    }
}

impl PathSlug {
    /// The short name of a new path.
    pub fn from_name(name: &str, attempt: u32) -> Self {
        Self(key_of(name, attempt))
    }
}

impl InstitutionCode {
    /// The code of the `number`th institution.
    pub fn numbered(number: i64) -> Self {
        Self(format!("I{number:04}"))
    }
}

impl VenueId {
    /// The number of the `number`th venue.
    pub fn numbered(number: i64) -> Self {
        Self(format!("V{number:03}"))
    }
}

impl QuestionCode {
    /// The number of the `number`th question.
    pub fn numbered(number: i64) -> Self {
        Self(format!("Q{number:04}"))
    }
}

impl StaffLogin {
    /// The login of a new account: the address up to its `@`, with a number where that is taken.
    pub fn from_address(email: &EmailAddress, attempt: u32) -> Self {
        let local = email.as_str().split('@').next().unwrap_or_default();
        let fits = |c: &char| c.is_ascii_alphanumeric() || "-._".contains(*c);
        let plain: String = local.chars().filter(fits).take(50).collect();
        let plain = plain.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let stem = if plain.is_empty() { "staff" } else { plain };
        Self(if attempt <= 1 { stem.to_owned() } else { format!("{stem}-{attempt}") })
    }
}

define_id!(
    /// Somebody we know, across bookings; an address may be shared or missing.
    PersonId
);
define_id!(
    /// One message to many people.
    MailingId
);
define_id!(
    /// A link for a helper at a door.
    HelperLinkId
);
define_id!(
    /// What one of the staff noted.
    NoteId
);
define_id!(
    /// One sitting of one session.
    SittingId
);
define_id!(
    /// One booking by one leader.
    RegistrationId
);
define_id!(
    /// One seat on a session.
    PlaceId
);
define_id!(
    /// What one calendar was told of one place in one sitting.
    InvitationId
);
define_id!(
    /// Nominating somebody for a course.
    NominationId
);
define_id!(
    /// Wanting to be told when there is a date.
    InterestId
);
define_id!(
    /// Asking somebody by name to come to a session.
    PersonalInvitationId
);
define_id!(
    /// Somebody who came to a sitting without a booking.
    WalkInId
);
define_id!(
    /// A key that signs a member of staff in.
    PasskeyId
);
define_id!(
    /// Places of a session that are kept for a group.
    ReserveId
);
define_id!(
    /// Something that is arranged for a session.
    SupportId
);
define_id!(
    /// Somebody on a path.
    OnPathId
);
define_id!(
    /// A course elsewhere, or hours of action.
    PathRecordId
);
define_id!(
    /// Something an organiser asks afterwards.
    FeedbackQuestionId
);
define_id!(
    /// Something people are given to read.
    HandoutId
);
define_id!(
    /// A room that people of a session sleep in.
    RoomId
);
define_id!(
    /// Asking for help so that one can come.
    HelpRequestId
);
define_id!(
    /// One letter in the outbox.
    LetterId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_made_of_any_address() {
        for (address, attempt, login) in [
            ("ruth.okafor@example.org", 1, "ruth.okafor"),
            ("ruth.okafor@example.org", 2, "ruth.okafor-2"),
            ("+@example.org", 1, "staff"),
            ("_o'neill+team@example.org", 1, "oneillteam"),
        ] {
            let made = StaffLogin::from_address(&address.parse().unwrap(), attempt);
            assert_eq!(made.as_str(), login);
            assert_eq!(made.as_str().parse(), Ok(made));
        }
    }

    #[test]
    fn a_key_holds_only_what_a_url_can_carry_unescaped() {
        assert!("citizens-mk".parse::<AllianceSlug>().is_ok());
        for bad in ["", "../etc", "a b", "-x", "é", "a/b", &"x".repeat(65)] {
            assert!(bad.parse::<SessionCode>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_short_name_is_made_of_any_title_and_numbered_where_it_is_taken() {
        let long = "Power ".repeat(20);
        for (title, attempt, key) in [
            ("Power analysis", 1, "power-analysis"),
            ("  Power & Analysis!  ", 2, "power-analysis-2"),
            ("Élan", 1, "lan"),
            ("…", 1, "new"),
            ("…", 3, "new-3"),
            (&long, 1, "power-power-power-power-power-power-power-power-po"),
        ] {
            assert_eq!(CourseSlug::from_title(title, attempt).as_str(), key);
            assert_eq!(AllianceSlug::from_name(title, attempt).as_str(), key);
            assert_eq!(PathSlug::from_name(title, attempt).as_str(), key);
            assert!(key.parse::<CourseSlug>().is_ok());
        }
        let session = "S001".parse().unwrap();
        assert_eq!(SeriesId::from_session(&session, 1).as_str(), "s001");
        assert_eq!(SeriesId::from_session(&session, 2).as_str(), "s001-2");
    }

    #[test]
    fn what_the_office_counts_is_numbered_in_a_width_that_sorts() {
        assert_eq!(InstitutionCode::numbered(7).as_str(), "I0007");
        assert_eq!(InstitutionCode::numbered(12_345).as_str(), "I12345");
        assert_eq!(VenueId::numbered(7).as_str(), "V007");
        assert_eq!(QuestionCode::numbered(7).as_str(), "Q0007");
    }
}
