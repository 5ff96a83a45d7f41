//! How somebody comes to book, which says when she may.

use crate::domain::{audit::Actor, series::Bookable};

/// By which way a booking comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// The site and the API: while booking is open, what has a page.
    Public,
    /// Whoever was asked by name: also before booking opens, and what has no page.
    Invited,
    /// An organiser: also before booking opens and after it has closed, until the last day ends.
    Office,
}

impl Channel {
    /// By whom somebody books, and whether that decides what an organiser would be asked.
    pub(super) fn of(actor: &Actor, vouched: bool) -> (Self, bool) {
        match actor {
            Actor::Staff(_) => (Self::Office, true),
            // Whoever vouched for her has decided.
            Actor::Invited => (Self::Invited, vouched),
            _ => (Self::Public, false),
        }
    }
}

/// How much of a series is booked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::actions) enum Extent {
    /// One session, which must not belong to a series that is booked as a whole.
    Alone,
    /// Evenings of a series, of which more may be chosen than one.
    Evenings,
    /// All evenings of a series that are to come, also those that could not be booked yet.
    Whole,
    /// What was booked elsewhere, and is only brought in.
    Recorded,
}

impl Extent {
    /// What one session is booked with: what was booked elsewhere is not refused.
    pub(in crate::actions) fn of_one(actor: &Actor) -> Self {
        match actor {
            Actor::CommandLine => Self::Recorded,
            _ => Self::Alone,
        }
    }

    /// What evenings of a series are booked with, by what of it can be.
    pub(super) fn of(bookable: Bookable) -> Self {
        match bookable {
            Bookable::Any => Self::Evenings,
            Bookable::Whole => Self::Whole,
        }
    }
}
