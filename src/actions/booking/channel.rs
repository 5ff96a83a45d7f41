//! How somebody comes to book, which says when she may.

use crate::domain::audit::Actor;

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
