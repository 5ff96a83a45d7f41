//! Staying overnight: what people say of it, and asking those who said nothing.

pub mod ask_once_more;
pub mod house;
pub mod of_file;
pub mod rooms;
pub mod say;
pub mod tell_rooms;
