//! Who came: the roster, check-in, and the end of a day.

pub mod check_in;
pub mod close_sitting;
pub mod count_turnout;
pub mod help;
pub mod keeper;
pub mod open;
pub mod read_roster;
mod taps;
