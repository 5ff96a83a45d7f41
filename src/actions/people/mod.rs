//! Whom we know.

pub mod know_people;
