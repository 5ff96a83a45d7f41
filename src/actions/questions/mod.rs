//! Questions of courses and sessions: kept by the office, answered by whoever comes.

pub mod answer;
pub mod ask_missing;
pub mod keep;
pub mod of_file;
