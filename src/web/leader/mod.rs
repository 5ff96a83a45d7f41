//! Private pages without an account: the leader's booking and the attendee's own place.

pub mod after;
pub mod booking;
pub mod cancelling;
pub mod history;
pub mod place;
pub mod pledge;
pub(super) mod words;
