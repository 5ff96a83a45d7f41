//! Whom we know.

pub mod ask_own_data;
pub mod erase_person;
pub mod export_list;
pub mod keep_contact;
pub mod know_people;
pub mod merge_people;
pub mod own_data;
pub mod questions;
