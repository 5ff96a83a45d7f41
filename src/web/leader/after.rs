//! What an attendee finds under her link round the day itself: her code for the door, and afterwards
//! three questions.

use askama::Template;

use crate::{
    domain::session::Session,
    web::{form::FormState, page::Chrome},
};

/// A code that the trainer's phone reads.
#[derive(Template)]
#[template(path = "leader/ticket.html")]
pub struct TicketPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub name: String,
    /// The private link's path, `/p/<token>`.
    pub base: String,
}

/// Three questions.
#[derive(Template)]
#[template(path = "leader/feedback.html")]
pub struct FeedbackPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The private link's path, `/p/<token>`.
    pub base: String,
    /// Fields `useful`, `recommend` and `change`.
    pub form: FormState,
    /// Whether she has answered.
    pub thanks: bool,
    /// Whether she can answer now.
    pub is_open: bool,
    /// Whether the time to answer is over.
    pub is_over: bool,
    /// Until when she can.
    pub until: String,
}
