//! The demo's mailbox: everything it would have sent, for anybody to read.

use askama::Template;

use super::page::Chrome;

/// One letter in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailItem {
    /// Which letter, in its link.
    pub id: String,
    /// Where it goes.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in words.
    pub sent: String,
    /// Whether it carries a calendar invite.
    pub has_invite: bool,
}

/// Every letter, newest first.
#[derive(Template)]
#[template(path = "mailbox/list.html")]
pub struct MailboxPage {
    /// The frame.
    pub chrome: Chrome,
    /// The letters.
    pub letters: Vec<MailItem>,
}

/// One letter.
#[derive(Template)]
#[template(path = "mailbox/letter.html")]
pub struct MailPage {
    /// The frame.
    pub chrome: Chrome,
    /// What the list says of it.
    pub item: MailItem,
    /// Its plain text.
    pub text: String,
    /// Where its HTML version is.
    pub html_href: String,
    /// Where the whole message is, as sent.
    pub eml_href: String,
    /// Where its invite is, if it carries one.
    pub ics_href: Option<String>,
    /// Its headers, in order.
    pub headers: Vec<(String, String)>,
}
