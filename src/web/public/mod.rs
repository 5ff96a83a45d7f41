//! Pages for anybody: the catalogue, a session, booking, calendars, help and errors.

pub mod add_links;
pub mod atom;
pub mod booking;
pub mod calendars;
pub mod catalogue;
pub mod json_ld;
pub mod offer;
pub mod pages;
pub mod places_words;
pub mod private_calendar;
pub mod session;
