//! What a verb's refusal is to whoever asked: one mapping of the refusals of all verbs, for pages and for
//! programs alike. It has no wildcard: a new refusal does not compile before somebody says here what it is.

#![deny(clippy::wildcard_enum_match_arm)]

mod beside;
mod page;
mod verbs;

pub use beside::beside;
pub use page::Answer;

use rocket::http::Status;

use crate::{
    store::StoreError,
    web::{asked::Unusable, problem_kind::ProblemKind},
};

/// The kind of a refusal: what its page is called, and its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such thing, or whoever asks may not know of it.
    NotFound,
    /// Whoever asks may not do it.
    Forbidden,
    /// A day cannot be closed before it begins.
    NotYetBegun,
    /// A booking takes 1 to so many places.
    WrongNumber {
        most: u32,
    },
    /// People lack a course, and nothing is said why they should come.
    NominationMissing,
    /// Too few places are left.
    Full,
    /// Its evenings are booked together.
    WholeSeries,
    /// The institution has all the places it may have.
    InstitutionLimit,
    NotYetOpen,
    /// Booking has closed, or the session is over.
    Closed,
    Cancelled,
    /// The places are not held any more, and nothing was booked.
    HoldEnded,
    /// The hold was made longer once already.
    AlreadyExtended,
    /// Somebody may be on the session already.
    SamePerson,
    /// The key of an attempt was used for another request.
    KeyReused,
    TooMany,
    /// A passkey was not answered for as it must be.
    Passkey,
    /// What happened cannot be undone, and what is over cannot be changed.
    TooLate,
    /// It is as it was asked to be.
    Unchanged,
    /// A draft is not what this is for, or it is a draft no more.
    OtherStage,
    /// It was answered, or went another way, before.
    Meanwhile,
    /// It cannot be kept as it is asked for.
    Unusable,
    /// It was there, and is no more.
    Gone,
}

/// A private link that was revoked or has run out: another person has the place now, or the session was long
/// ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it belonged to a place or booking that was passed on to somebody else, a newer link was asked for, or it is more \
     than 60 days since the session was over"
)]
pub struct LinkEnded;

/// A helper's link that was ended, or whose day is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was good for one day at one door, and that is over or somebody ended it")]
pub struct HelperLinkEnded;

/// A link to somebody's path that was ended, or whose path ended long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a newer link was asked for, an organiser ended it, or it is more than 60 days since the path was finished or you \
     were taken off it"
)]
pub struct PathLinkEnded;

/// A private link that is good, at an address where another kind of link belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OtherLink {
    #[error("this private link is for one person\u{2019}s place, not for a whole booking")]
    Place,
    #[error("this private link is for a whole booking, not for one person\u{2019}s place")]
    Booking,
}

impl Refusal {
    /// The status of the page.
    pub fn status(self) -> Status {
        match self {
            Self::NotFound => Status::NotFound,
            Self::Forbidden | Self::NotYetBegun => Status::Forbidden,
            Self::WrongNumber { .. }
            | Self::NominationMissing
            | Self::Passkey
            | Self::KeyReused
            | Self::Unusable => Status::UnprocessableEntity,
            Self::TooMany => Status::TooManyRequests,
            Self::Gone => Status::Gone,
            Self::Full
            | Self::InstitutionLimit
            | Self::WholeSeries
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled
            | Self::HoldEnded
            | Self::AlreadyExtended
            | Self::SamePerson
            | Self::TooLate
            | Self::Unchanged
            | Self::OtherStage
            | Self::Meanwhile => Status::Conflict,
        }
    }

    /// What the page is called.
    pub fn heading(self) -> &'static str {
        match self {
            Self::NotFound => "We cannot find that",
            Self::Forbidden => "You cannot do this",
            Self::NotYetBegun => "It has not begun yet",
            Self::WrongNumber { .. } => "That is not a number of places we can book",
            Self::NominationMissing => "Somebody has not done the course before this one",
            Self::Full => "There are not enough places",
            Self::WholeSeries => "These evenings are booked together",
            Self::InstitutionLimit => "Your institution has all the places it may have",
            Self::NotYetOpen => "Booking has not opened yet",
            Self::Closed => "Booking has closed",
            Self::Cancelled => "The session is cancelled",
            Self::HoldEnded => "Your hold has ended",
            Self::AlreadyExtended => "You made the hold longer once already",
            Self::SamePerson => "Is this somebody else?",
            Self::KeyReused => "This form was sent with other answers before",
            Self::TooMany => "Too many tries",
            Self::Passkey => "That passkey did not work",
            Self::TooLate => "It is too late for that",
            Self::Unchanged => "Nothing is different",
            Self::OtherStage | Self::Meanwhile => "It is not as it was",
            Self::Unusable => "That cannot be done like this",
            Self::Gone => "This link has ended",
        }
    }

    /// Whether anything was done.
    pub fn outcome(self) -> &'static str {
        match self {
            Self::WrongNumber { .. }
            | Self::NominationMissing
            | Self::Full
            | Self::InstitutionLimit
            | Self::WholeSeries
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled
            | Self::HoldEnded
            | Self::SamePerson
            | Self::KeyReused
            | Self::TooMany => "Nothing was booked.",
            Self::NotFound
            | Self::Forbidden
            | Self::NotYetBegun
            | Self::AlreadyExtended
            | Self::Passkey
            | Self::TooLate
            | Self::Unchanged
            | Self::OtherStage
            | Self::Meanwhile
            | Self::Gone
            | Self::Unusable => "Nothing was changed.",
        }
    }

    /// The kind of problem that a program is told.
    pub fn problem(self) -> ProblemKind {
        match self {
            Self::WrongNumber { .. } | Self::NominationMissing | Self::Unusable => {
                ProblemKind::InvalidFields
            }
            Self::Full | Self::HoldEnded => ProblemKind::Full,
            Self::InstitutionLimit => ProblemKind::InstitutionLimit,
            Self::WholeSeries => ProblemKind::WholeSeries,
            Self::NotYetOpen => ProblemKind::NotYetOpen,
            Self::Closed | Self::TooLate => ProblemKind::Closed,
            Self::Cancelled => ProblemKind::Cancelled,
            Self::SamePerson => ProblemKind::SamePerson,
            Self::KeyReused => ProblemKind::KeyReused,
            Self::TooMany => ProblemKind::TooMany,
            Self::Forbidden | Self::NotYetBegun => ProblemKind::Forbidden,
            Self::NotFound
            | Self::AlreadyExtended
            | Self::Passkey
            | Self::Unchanged
            | Self::OtherStage
            | Self::Gone
            | Self::Meanwhile => ProblemKind::NotFound,
        }
    }
}

/// A refusal with the words of the verb that refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub kind: Refusal,
    /// One sentence.
    pub words: String,
}

impl Refused {
    /// The words a verb has for it, as a sentence.
    fn of(kind: Refusal, words: impl std::fmt::Display) -> Self {
        let words = words.to_string();
        let mut letters = words.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        let rest = letters.as_str().trim_end_matches('.');
        Self { kind, words: format!("{first}{rest}.") }
    }

    /// The field that must be put right, as a JSON pointer, and what would do.
    pub fn field(&self) -> Option<(&'static str, String)> {
        if let Refusal::WrongNumber { most } = self.kind {
            return Some(("/places", format!("Ask for 1 to {most} places")));
        }
        let says_why = self.kind == Refusal::NominationMissing;
        says_why.then(|| ("/nomination", self.words.trim_end_matches('.').to_lowercase()))
    }
}

/// Why a verb did nothing.
#[derive(Debug)]
pub enum Cause {
    Refused(Refused),
    Store(StoreError),
}

/// A page of a list that has fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the list has fewer pages than that")]
pub struct PastTheEnd;

impl From<PastTheEnd> for Cause {
    fn from(past: PastTheEnd) -> Self {
        Self::refused(Refusal::NotFound, past)
    }
}

impl From<Unusable> for Cause {
    fn from(unusable: Unusable) -> Self {
        Self::refused(Refusal::NotFound, unusable)
    }
}

/// A record that became part of another while its form was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("somebody else made this one with another record while the page was open: change that one")]
pub struct MergedAway;

impl From<MergedAway> for Cause {
    fn from(merged: MergedAway) -> Self {
        Self::refused(Refusal::Meanwhile, merged)
    }
}

impl From<OtherLink> for Cause {
    fn from(other: OtherLink) -> Self {
        Self::refused(Refusal::NotFound, other)
    }
}

impl From<HelperLinkEnded> for Cause {
    fn from(ended: HelperLinkEnded) -> Self {
        Self::refused(Refusal::Gone, ended)
    }
}

impl From<PathLinkEnded> for Cause {
    fn from(ended: PathLinkEnded) -> Self {
        Self::refused(Refusal::Gone, ended)
    }
}

impl From<LinkEnded> for Cause {
    fn from(ended: LinkEnded) -> Self {
        Self::refused(Refusal::Gone, ended)
    }
}

impl Cause {
    fn refused(kind: Refusal, words: impl std::fmt::Display) -> Self {
        Self::Refused(Refused::of(kind, words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actions::{
            booking::refusals::{BookError, HoldError},
            door::{open::DoorError, read_roster::RosterError},
        },
        domain::session::BookingStatus,
    };

    fn refused(error: impl Into<Cause>) -> Refused {
        match error.into() {
            Cause::Refused(refused) => refused,
            Cause::Store(error) => panic!("the store failed: {error}"),
        }
    }

    #[test]
    fn a_refusal_of_a_booking_is_a_page_and_a_problem() {
        let told = [
            (BookError::NoSuchRegistration, "not-found", Status::NotFound),
            (BookError::HoldRanOut { free: 0 }, "full", Status::Conflict),
            (HoldError::NotEnough { free: 1 }.into(), "full", Status::Conflict),
            (HoldError::InstitutionLimit { room: 0 }.into(), "institution-limit", Status::Conflict),
            (HoldError::NotOpen(BookingStatus::Cancelled).into(), "cancelled", Status::Conflict),
            (HoldError::NotOpen(BookingStatus::Finished).into(), "closed", Status::Conflict),
            (HoldError::TooMany.into(), "too-many-requests", Status::TooManyRequests),
            (
                HoldError::WrongNumber { most: 6 }.into(),
                "invalid-fields",
                Status::UnprocessableEntity,
            ),
        ];
        for (error, kind, status) in told {
            let refused = refused(error);
            assert_eq!(refused.kind.problem().as_str(), kind);
            assert_eq!(refused.kind.status(), status, "{refused:?}");
        }
        let (pointer, words) = refused(HoldError::WrongNumber { most: 6 }).field().unwrap();
        assert_eq!((pointer, words.as_str()), ("/places", "Ask for 1 to 6 places"));
        let (_, words) = refused(BookError::NominationMissing).field().unwrap();
        assert_eq!(words, BookError::NominationMissing.to_string());
    }

    #[test]
    fn whoever_may_not_is_told_so() {
        assert_eq!(refused(DoorError::NotYet).kind.status(), Status::Forbidden);
        assert_eq!(refused(RosterError::Forbidden).kind.status(), Status::Forbidden);
        assert_eq!(refused(RosterError::NoSuchSession).kind.status(), Status::NotFound);
    }
}
