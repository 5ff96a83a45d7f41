//! What a verb's refusal is to whoever asked: one mapping of the refusals that leave a handler, for pages and
//! for programs alike. It has no wildcard: a new refusal does not compile before somebody says here what it is.

#![deny(clippy::wildcard_enum_match_arm)]

use rocket::http::Status;

use crate::{
    actions::{
        booking::refusals::{BookError, HoldError},
        door::{check_in::DoorError, read_roster::RosterError},
        staff::passkeys::PasskeyError,
    },
    domain::session::BookingStatus,
    store::StoreError,
    web::problem_kind::ProblemKind,
};

/// What was refused.
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
    /// The institution has all the places it may have.
    InstitutionLimit,
    NotYetOpen,
    /// Booking has closed, or the session is over.
    Closed,
    Cancelled,
    /// The hold was made longer once already.
    AlreadyExtended,
    /// The key of an attempt was used for another request.
    KeyReused,
    TooMany,
    /// A passkey was not answered for as it must be.
    Passkey,
}

impl Refusal {
    /// The status of the page. A handler that shows its form again does so before a refusal gets here;
    /// what is left is an address that leads nowhere.
    pub fn status(self) -> Status {
        match self {
            Self::Forbidden | Self::NotYetBegun => Status::Forbidden,
            Self::NotFound
            | Self::WrongNumber { .. }
            | Self::NominationMissing
            | Self::Full
            | Self::InstitutionLimit
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled
            | Self::AlreadyExtended
            | Self::KeyReused
            | Self::TooMany
            | Self::Passkey => Status::NotFound,
        }
    }

    /// The kind of problem that a program is told.
    pub fn problem(self) -> ProblemKind {
        match self {
            Self::WrongNumber { .. } | Self::NominationMissing => ProblemKind::InvalidFields,
            Self::Full => ProblemKind::Full,
            Self::InstitutionLimit => ProblemKind::InstitutionLimit,
            Self::NotYetOpen => ProblemKind::NotYetOpen,
            Self::Closed => ProblemKind::Closed,
            Self::Cancelled => ProblemKind::Cancelled,
            Self::KeyReused => ProblemKind::KeyReused,
            Self::TooMany => ProblemKind::TooMany,
            Self::Forbidden | Self::NotYetBegun => ProblemKind::Forbidden,
            Self::NotFound | Self::AlreadyExtended | Self::Passkey => ProblemKind::NotFound,
        }
    }

    /// The field that must be put right, as a JSON pointer, and what would do.
    pub fn field(self) -> Option<(&'static str, String)> {
        match self {
            Self::WrongNumber { most } => Some(("/places", format!("Ask for 1 to {most} places"))),
            Self::NominationMissing => {
                Some(("/nomination", BookError::NominationMissing.to_string()))
            }
            Self::NotFound
            | Self::Forbidden
            | Self::NotYetBegun
            | Self::Full
            | Self::InstitutionLimit
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled
            | Self::AlreadyExtended
            | Self::KeyReused
            | Self::TooMany
            | Self::Passkey => None,
        }
    }
}

/// Why a verb did nothing.
#[derive(Debug)]
pub enum Cause {
    Refused(Refusal),
    Store(StoreError),
}

impl From<HoldError> for Cause {
    fn from(error: HoldError) -> Self {
        Self::Refused(match error {
            HoldError::Store(error) => return Self::Store(error),
            HoldError::NoSuchSession => Refusal::NotFound,
            HoldError::NotOpen(status) => not_open(status),
            HoldError::NotEnough { .. } => Refusal::Full,
            HoldError::InstitutionLimit { .. } => Refusal::InstitutionLimit,
            HoldError::WrongNumber { most } => Refusal::WrongNumber { most },
            HoldError::TooMany => Refusal::TooMany,
            HoldError::AlreadyExtended => Refusal::AlreadyExtended,
        })
    }
}

fn not_open(status: BookingStatus) -> Refusal {
    match status {
        BookingStatus::NotYetOpen { .. } => Refusal::NotYetOpen,
        BookingStatus::Cancelled => Refusal::Cancelled,
        BookingStatus::Open { .. }
        | BookingStatus::Closed
        | BookingStatus::Finished
        | BookingStatus::Draft => Refusal::Closed,
    }
}

impl From<BookError> for Cause {
    fn from(error: BookError) -> Self {
        Self::Refused(match error {
            BookError::Hold(error) => return error.into(),
            BookError::HoldRanOut { .. } => Refusal::Full,
            BookError::KeyReused => Refusal::KeyReused,
            BookError::NominationMissing => Refusal::NominationMissing,
            BookError::NoSuchRegistration => Refusal::NotFound,
        })
    }
}

impl From<PasskeyError> for Cause {
    fn from(error: PasskeyError) -> Self {
        Self::Refused(match error {
            PasskeyError::Store(error) => return Self::Store(error),
            PasskeyError::NoSuchPasskey => Refusal::NotFound,
            PasskeyError::TooLate
            | PasskeyError::Refused
            | PasskeyError::AlreadyHere
            | PasskeyError::TooMany
            | PasskeyError::Unavailable => Refusal::Passkey,
        })
    }
}

impl From<DoorError> for Cause {
    fn from(error: DoorError) -> Self {
        Self::Refused(match error {
            DoorError::Store(error) => return Self::Store(error),
            DoorError::NoSuchSitting => Refusal::NotFound,
            DoorError::Forbidden => Refusal::Forbidden,
            DoorError::NotYet => Refusal::NotYetBegun,
        })
    }
}

impl From<RosterError> for Cause {
    fn from(error: RosterError) -> Self {
        Self::Refused(match error {
            RosterError::Store(error) => return Self::Store(error),
            RosterError::NoSuchSession => Refusal::NotFound,
            RosterError::Forbidden => Refusal::Forbidden,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(error: impl Into<Cause>) -> Refusal {
        match error.into() {
            Cause::Refused(refusal) => refusal,
            Cause::Store(error) => panic!("the store failed: {error}"),
        }
    }

    #[test]
    fn a_refusal_of_a_booking_is_a_page_and_a_problem() {
        let told = [
            (BookError::NoSuchRegistration, "not-found"),
            (BookError::HoldRanOut { free: 0 }, "full"),
            (HoldError::NotEnough { free: 1 }.into(), "full"),
            (HoldError::InstitutionLimit { room: 0 }.into(), "institution-limit"),
            (HoldError::NotOpen(BookingStatus::Cancelled).into(), "cancelled"),
            (HoldError::NotOpen(BookingStatus::Finished).into(), "closed"),
            (HoldError::TooMany.into(), "too-many-requests"),
            (HoldError::WrongNumber { most: 6 }.into(), "invalid-fields"),
        ];
        for (error, kind) in told {
            let refusal = refused(error);
            assert_eq!(refusal.problem().as_str(), kind);
            assert_eq!(refusal.status(), Status::NotFound, "{refusal:?}");
        }
        let (pointer, words) = refused(HoldError::WrongNumber { most: 6 }).field().unwrap();
        assert_eq!((pointer, words.as_str()), ("/places", "Ask for 1 to 6 places"));
    }

    #[test]
    fn whoever_may_not_is_told_so() {
        assert_eq!(refused(DoorError::NotYet).status(), Status::Forbidden);
        assert_eq!(refused(RosterError::Forbidden).status(), Status::Forbidden);
        assert_eq!(refused(RosterError::NoSuchSession).status(), Status::NotFound);
    }
}
