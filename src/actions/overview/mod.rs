//! What an organiser does about the things on her overview.

pub mod keep_support;
pub mod mark_thing;
