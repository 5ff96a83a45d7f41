//! Whom we know, and what we forget.

pub mod erase_needs;
pub mod know_people;
