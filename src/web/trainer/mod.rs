//! Staff pages: signing in, the trainer's sessions and their rosters.

pub mod door;
pub mod roster;
pub mod roster_csv;
pub mod sessions;
pub mod sign_in;
