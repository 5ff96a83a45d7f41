//! Why places are not held, and why nothing is booked.

use crate::{
    domain::{
        already::{self, Already},
        id::SeriesId,
        session::BookingStatus,
    },
    store::StoreError,
};

/// Why places could not be held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// There is no such session, or the public may not see it.
    #[error("there is no such session")]
    NoSuchSession,
    /// It cannot be booked now.
    #[error("{}", not_open(*.0))]
    NotOpen(BookingStatus),
    /// Its evenings are booked together, and not one alone.
    #[error("the evenings of this series are booked together: book the whole series")]
    WholeSeries(SeriesId),
    /// Too few places are left; nothing was held.
    #[error("{}", left(*free))]
    NotEnough {
        /// Places the public may take.
        free: u32,
    },
    /// The institution would hold more than it may (B2); nothing was held.
    #[error("the institution may have {room} more places on this session")]
    InstitutionLimit {
        /// Places it may still take.
        room: u32,
    },
    /// More than one booking may ask for (B2), or none.
    #[error("a booking takes 1 to {most} places")]
    WrongNumber {
        /// The most places.
        most: u32,
    },
    /// This e-mail holds or booked so much just now that it looks like a flood.
    #[error("too many bookings are open under this email address; wait a few minutes")]
    TooMany,
    /// Whoever shares this network holds so much that was not booked that it looks like a flood.
    #[error(
        "{most} places are held from this network and not booked; finish or let go of some, or wait a few minutes"
    )]
    NetworkHoldsTooMany {
        /// How many it may hold.
        most: u32,
    },
    /// Somebody may be on the session already, and it was not said that this is somebody else (H2).
    #[error("{}", already::sentence(.0))]
    AlreadyThere(Vec<Already>),
    /// The hold was made longer once already.
    #[error("the hold was extended once already")]
    AlreadyExtended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn not_open(status: BookingStatus) -> &'static str {
    match status {
        BookingStatus::NotYetOpen { .. } => "the session cannot be booked yet",
        BookingStatus::Cancelled => "the session was called off",
        BookingStatus::Finished => "the session is over",
        BookingStatus::Open { .. } | BookingStatus::Closed | BookingStatus::Draft => {
            "the session cannot be booked any more"
        }
    }
}

fn left(free: u32) -> String {
    match free {
        1 => "1 place is left".to_owned(),
        free => format!("{free} places are left"),
    }
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// As for holding places.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// The hold ran out; `free` places are still open to all.
    #[error("the places were not held for you any more")]
    HoldRanOut {
        /// Places the public may take.
        free: u32,
    },
    /// The attempt's key was used for another request.
    #[error("this key was used for a different request")]
    KeyReused,
    /// Somebody lacks a prerequisite, and nothing is said why she should come (B7).
    #[error("say why people who have not done the course before this one should come")]
    NominationMissing,
    /// It was begun and never sent off.
    #[error("this booking was begun, and never sent off")]
    NotSentOff,
    /// There is no such registration.
    #[error("there is no such booking")]
    NoSuchRegistration,
}

impl From<StoreError> for BookError {
    fn from(error: StoreError) -> Self {
        Self::Hold(HoldError::Store(error))
    }
}
