//! Who did what, when.

use askama::Template;

use crate::web::{form::FormState, page::Chrome, paging::Pager};

/// One line of the log, in words.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// When.
    pub when: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// The session's code.
    pub session: Option<String>,
    /// The booking's reference.
    pub reference: Option<String>,
    /// Why, or how many.
    pub detail: String,
}

/// The log, filtered.
#[derive(Template)]
#[template(path = "office/audit.html")]
pub struct AuditPage {
    /// The frame.
    pub chrome: Chrome,
    /// What it is narrowed to: `session`, `reference`, `actor`.
    pub form: FormState,
    /// This page's lines.
    pub lines: Vec<AuditLine>,
    /// Where in the list.
    pub pager: Pager,
}
