//! Asking people to come: by name, with a link of each one's own.

pub mod answer;
pub mod ask_people;
pub mod follow_up;
pub mod interest;
pub mod nominate;
pub mod tell_interested;
