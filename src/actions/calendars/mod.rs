//! What calendars are told, and what they answer.

pub(super) mod days;
pub mod keep_feed;
mod many_days;
pub(super) mod reconcile;
pub mod stamp;
pub mod take_reply;
mod tell_answer;
