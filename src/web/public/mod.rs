//! Pages for anybody: the catalogue, a session, booking, calendars, help and errors.

pub mod booking;
pub mod calendars;
pub mod catalogue;
pub mod offer;
pub mod pages;
pub mod places_words;
pub mod private_calendar;
pub mod session;
