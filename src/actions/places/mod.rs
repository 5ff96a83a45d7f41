//! What every verb does that gives or takes places: it opens a booking with its session locked,
//! settles what has run out, and shares out what is free. Booking and waiting stand on this.

pub(in crate::actions) mod already;
pub mod let_go;
pub(in crate::actions) mod opened;
pub mod settle;
pub(in crate::actions) mod share;
pub mod standing;
