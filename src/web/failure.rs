//! The one place where faults become a status. The page for a status is drawn by the catchers.

#![deny(clippy::wildcard_enum_match_arm)]

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
    web::refusal::{Cause, Refusal},
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
    /// A verb refused.
    #[error("refused")]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Refused(refusal) => Self::Refused(refusal),
            Cause::Store(error) => Self::Store(error),
        }
    }
}

/// The refusals that a handler may pass on.
macro_rules! passed_on {
    ($($Refused:ty),+) => {
        $(impl From<$Refused> for Failure {
            fn from(error: $Refused) -> Self {
                Cause::from(error).into()
            }
        })+
    };
}

passed_on!(HoldError, BookError, PasskeyError, DoorError, RosterError);

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Err(match self {
            Self::NotFound => Status::NotFound,
            Self::Forbidden => Status::Forbidden,
            Self::Broken => Status::InternalServerError,
            Self::Refused(refusal) => refusal.status(),
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
