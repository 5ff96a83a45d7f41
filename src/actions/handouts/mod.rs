//! What people are given to read, added, changed and taken away.

pub mod hand_out;
pub mod read_handout;
