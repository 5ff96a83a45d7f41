//! How many people an institution promises to bring, under its leader's link.

use askama::Template;

use crate::{
    domain::session::Session,
    web::{form::FormState, page::Chrome},
};

/// One number.
#[derive(Template)]
#[template(path = "leader/pledge.html")]
pub struct PledgePage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The institution's name.
    pub institution: String,
    /// The private link's path, `/r/<token>`.
    pub base: String,
    /// The field `people`.
    pub form: FormState,
    /// What just happened.
    pub notice: Option<String>,
}
