//! What people are asked afterwards, and what they thought.

use super::{Href, office};
use crate::domain::id::{CourseSlug, FeedbackQuestionId, SessionCode};

/// What is asked after a session beside the three questions.
pub fn of_session(code: &SessionCode) -> Href {
    office::session(code).join("feedback-questions")
}

/// What is asked after every session of a course.
pub fn of_course(slug: &CourseSlug) -> Href {
    office::course(slug).join("feedback-questions")
}

/// Asking one of them no more.
pub fn end(id: &FeedbackQuestionId) -> Href {
    over_time().join("questions").join(id).join("end")
}

/// What people thought over time, by course, trainer, month or alliance.
pub fn over_time() -> Href {
    Href::of("/office/feedback")
}

/// The same as a file.
pub fn over_time_csv() -> Href {
    Href::of("/office/feedback.csv")
}
