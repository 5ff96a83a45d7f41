//! What forms share: text, a person, and the institution somebody comes from.

pub mod person;
pub mod sender;
pub mod text;
