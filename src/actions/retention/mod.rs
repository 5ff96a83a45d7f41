//! What is erased when its time is over.

pub mod erase_due;
