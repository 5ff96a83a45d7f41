//! What is taught and by whom it is asked for: courses, institutions, pledges.

pub mod merge_catalogue;
pub mod merge_institutions;
pub mod pledge;
pub mod usual_decline;
pub mod word_letters;
pub mod write_catalogue;
