//! What calendars are told, and what they answer.

pub(super) mod invite;
pub mod keep_feed;
pub mod reinvite;
pub(super) mod rename;
pub mod take_reply;
