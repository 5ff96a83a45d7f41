//! What people are given to read.

use super::{Href, attendee, leader, office, trainer};
use crate::{
    domain::id::{CourseSlug, HandoutId, SessionCode},
    token::Token,
};

/// What is handed out on a session.
pub fn of_session(code: &SessionCode) -> Href {
    office::session(code).join("handouts")
}

/// What is handed out on every session of a course.
pub fn of_course(slug: &CourseSlug) -> Href {
    office::course(slug).join("handouts")
}

/// One of them.
pub fn one(id: &HandoutId) -> Href {
    Href::of("/office/handouts").join(id)
}

/// Its file, as the office reads it.
pub fn file(id: &HandoutId) -> Href {
    one(id).join("file")
}

/// What a trainer's people are given.
pub fn for_trainer(code: &SessionCode) -> Href {
    trainer::session(code).join("handouts")
}

/// One of them, as a trainer reads it.
pub fn file_for_trainer(code: &SessionCode, id: &HandoutId) -> Href {
    for_trainer(code).join(id)
}

/// One of them, as whoever has a place reads it.
pub fn file_for_attendee(token: &Token, id: &HandoutId) -> Href {
    attendee::place(token).join("handouts").join(id)
}

/// One of them, as whoever booked reads it.
pub fn file_for_leader(token: &Token, id: &HandoutId) -> Href {
    leader::booking(token).join("handouts").join(id)
}
