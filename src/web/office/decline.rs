//! What becomes of a place when its attendee's calendar says no.

use askama::Template;

use crate::{
    domain::{reply::OnDecline, session::Session},
    web::page::Chrome,
};

/// Choosing it, for one session.
#[derive(Template)]
#[template(path = "office/decline.html")]
pub struct DeclinePage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// How it is now.
    pub on_decline: OnDecline,
}
