//! What waits for an organiser, and what she arranges.

use std::fmt;

use super::{Href, office};
use crate::domain::{
    id::{CourseSlug, PersonalInvitationId, QuestionCode, SessionCode},
    reference::Reference,
    thing::ThingKey,
};

/// The things on the overview that wait for somebody, are hers, were left, or are done.
pub fn things(shown: impl fmt::Display) -> Href {
    office::overview().with("show", shown)
}

/// One of them.
pub fn thing(key: &ThingKey) -> Href {
    Href::of("/office/things").join(key)
}

/// What is arranged for the sessions of a season, and what it costs.
pub fn supports() -> Href {
    Href::of("/office/supports")
}

/// What is arranged for a session.
pub fn session_supports(code: &SessionCode) -> Href {
    office::session(code).join("supports")
}

/// One thing that is arranged for a session: `interpreter`, `kitchen`, or which of those that were added.
pub fn session_support(code: &SessionCode, which: impl fmt::Display) -> Href {
    session_supports(code).join(which)
}

/// Places of a session that are kept for groups.
pub fn session_reserves(code: &SessionCode) -> Href {
    office::session(code).join("reserves")
}

/// The evenings that are booked as one with a session.
pub fn session_evenings(code: &SessionCode) -> Href {
    office::session(code).join("evenings")
}

/// Whether a session takes place with fewer people than it needs.
pub fn session_go_ahead(code: &SessionCode) -> Href {
    office::session(code).join("go-ahead")
}

/// Who could be asked to come to a session.
pub fn session_could_come(code: &SessionCode) -> Href {
    office::session(code).join("could-come")
}

/// What a course asks of whoever books a session of it.
pub fn course_questions(slug: &CourseSlug) -> Href {
    office::course(slug).join("questions")
}

pub fn course_question(slug: &CourseSlug, question: &QuestionCode) -> Href {
    course_questions(slug).join(question)
}

/// What a session asks of whoever books it.
pub fn session_questions(code: &SessionCode) -> Href {
    office::session(code).join("questions")
}

/// Who has not answered what they must.
pub fn session_unanswered(code: &SessionCode) -> Href {
    office::session(code).join("unanswered")
}

pub fn session_question(code: &SessionCode, question: &QuestionCode) -> Href {
    session_questions(code).join(question)
}

/// What was answered on a booking.
pub fn booking_questions(reference: &Reference) -> Href {
    office::booking(reference).join("questions")
}

/// When everybody who asks for places on a session is told.
pub fn decision_day(code: &SessionCode) -> Href {
    office::session_requests(code).join("day")
}

/// Those who ask side by side.
pub fn compare_requests(code: &SessionCode) -> Href {
    office::session_requests(code).join("compare")
}

/// What a reader thinks of one of them.
pub fn request_scores(code: &SessionCode) -> Href {
    office::session_requests(code).join("scores")
}

/// Who was asked by name to come to a session.
pub fn session_invited(code: &SessionCode) -> Href {
    office::session(code).join("invited")
}

/// One of them.
pub fn session_invited_one(code: &SessionCode, id: &PersonalInvitationId) -> Href {
    session_invited(code).join(id)
}

/// Asking people by name to come to a session.
pub fn session_invite(code: &SessionCode) -> Href {
    office::session(code).join("invite")
}

/// Who waits for which course, by place.
pub fn demand() -> Href {
    Href::of("/office/waiting-for-a-date")
}
