//! Whom we know.

pub mod ask_own_data;
pub mod erase_person;
pub mod know_people;
pub mod own_data;
