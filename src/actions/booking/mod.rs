//! A booking from the first held place to the last change of who comes.

pub mod add_people;
pub mod book_answered;
pub mod book_places;
pub mod cancel_places;
pub mod change_attendee;
pub mod change_leader;
mod channel;
pub mod correct_attendee;
pub mod hold_places;
pub mod keep_draft;
pub mod move_places;
pub mod name_attendees;
pub mod prerequisites;
pub mod record_places;
pub mod refusals;
mod seat;
pub mod split_off;
mod swap_attendee;
