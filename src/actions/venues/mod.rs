//! Venues as records: kept, corrected once for every session that is held there, and asked about before two
//! sessions meet.

pub mod adopt;
pub mod ask;
pub(in crate::actions) mod choose;
pub mod correct;
pub mod keep;
