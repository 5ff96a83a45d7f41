//! A booking from the first held place to the last change of who comes.

pub mod add_people;
pub mod book_answered;
pub mod book_evenings;
pub mod book_places;
pub mod cancel_evenings;
pub mod cancel_places;
pub mod change_attendee;
pub mod change_leader;
pub(in crate::actions) mod channel;
mod confirm;
mod confirm_evenings;
pub mod correct_attendee;
mod hold_again;
pub mod hold_evenings;
pub mod hold_places;
pub mod keep_draft;
pub mod move_places;
pub mod name_attendees;
pub mod open_evening;
pub mod prerequisites;
pub mod record_places;
pub mod refusals;
mod seat;
pub mod split_off;
mod swap_attendee;
