//! Staff pages: signing in, the trainer's sessions and their rosters.

pub mod badges;
pub mod door;
pub mod roster;
pub mod roster_tables;
pub mod sessions;
pub mod sign_in;
