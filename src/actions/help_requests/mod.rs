//! Help so that somebody can come: what a session offers, who asks, what is decided within its budget, and what was
//! paid.

pub mod ask;
pub mod decide;
pub mod offer;
pub mod pay;
pub mod read;
pub mod tell;
