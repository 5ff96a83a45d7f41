//! The one place where faults become a status. The page for a status is drawn by the catchers.

use rocket::{
    Request,
    http::Status,
    response::{self, Responder},
};

use crate::{
    actions::{
        booking::refusals::{BookError, HoldError},
        door::{check_in::DoorError, read_roster::RosterError},
        staff::passkeys::PasskeyError,
    },
    store::StoreError,
};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such page, or this link does not open it.
    #[error("not found")]
    NotFound,
    /// Whoever asks may not see it.
    #[error("forbidden")]
    Forbidden,
    /// Something else of ours failed; it was logged where it did.
    #[error("failed")]
    Broken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<HoldError> for Failure {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::Store(error) => Self::Store(error),
            _ => Self::NotFound,
        }
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Hold(error) => error.into(),
            _ => Self::NotFound,
        }
    }
}

impl From<PasskeyError> for Failure {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Store(error) => Self::Store(error),
            PasskeyError::TooLate
            | PasskeyError::Refused
            | PasskeyError::AlreadyHere
            | PasskeyError::TooMany
            | PasskeyError::Unavailable
            | PasskeyError::NoSuchPasskey => Self::NotFound,
        }
    }
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::NoSuchSitting => Self::NotFound,
            DoorError::Forbidden | DoorError::NotYet => Self::Forbidden,
            DoorError::Store(error) => Self::Store(error),
        }
    }
}

impl From<RosterError> for Failure {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::NoSuchSession => Self::NotFound,
            RosterError::Forbidden => Self::Forbidden,
            RosterError::Store(error) => Self::Store(error),
        }
    }
}

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Err(match self {
            Self::NotFound => Status::NotFound,
            Self::Forbidden => Status::Forbidden,
            Self::Broken => Status::InternalServerError,
            Self::Store(StoreError::Unavailable(error)) => {
                log::error!("the database is unavailable: {error}");
                Status::ServiceUnavailable
            }
            Self::Store(error) => {
                log::error!("{error}");
                Status::InternalServerError
            }
        })
    }
}
