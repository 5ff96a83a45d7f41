//! What each letter says. One struct of facts for each, and two templates that word them: the
//! text and the HTML say the same in the same order.

mod access;
mod after;
mod attendee;
mod changes;
mod frame;
mod leader;
mod message;
mod note;
mod reminder;
mod replies;
mod waiting;

use super::plain;

pub use access::{BookingLink, lost_link, passkey_added, sign_in_link};
pub use after::{feedback_asked, pledge_chased};
pub use attendee::{Withdrawal, invite, withdrawn};
pub use changes::{day_changed, places_moved, session_cancelled, session_changed};
pub use leader::{attendee_changed, booking_confirmed, places_cancelled, places_requested};
pub use message::message;
pub use reminder::{reminder, reminder_to_pass_on};
pub use replies::{Heard, calendar_answered};
pub use waiting::{offer_lapsed, place_offered, request_refused, waiting_list_joined};

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// One line of at most 255 characters.
    pub subject: String,
    /// For readers without HTML: everything, in order; nothing in it controls a terminal.
    pub text: String,
    /// The same with the design.
    pub html: String,
}

impl Content {
    /// # Panics
    /// Never in practice: a template fails only if what it writes to fails, and a string does not.
    fn render(
        subject: &str,
        text: &dyn askama::DynTemplate,
        html: &dyn askama::DynTemplate,
    ) -> Self {
        let words = |template: &dyn askama::DynTemplate| {
            template.dyn_render().expect("a template writes to a string, which cannot fail")
        };
        Self {
            subject: plain::subject(subject),
            text: plain::tidy(&words(text)),
            html: words(html),
        }
    }
}

/// Renders a letter's facts, `letter` in both of its templates.
macro_rules! content {
    ($letter:expr, $facts:ty, $text:tt, $html:tt) => {{
        #[derive(askama::Template)]
        #[template(path = $text)]
        struct Text<'a> {
            letter: &'a $facts,
        }
        #[derive(askama::Template)]
        #[template(path = $html)]
        struct Html<'a> {
            letter: &'a $facts,
        }
        let letter: &$facts = $letter;
        $crate::mail::letters::Content::render(
            &letter.frame.subject,
            &Text { letter },
            &Html { letter },
        )
    }};
}
use content;

#[cfg(test)]
mod tests;
