//! What each letter says. A struct here holds its facts; its words stand in the three templates of
//! its folder in `templates/letters`: the subject, and the text and the HTML, which say the same in
//! the same order.

mod access;
mod after;
mod asked;
mod attendee;
mod changes;
mod frame;
mod help;
mod leader;
mod message;
mod own_calendar;
mod path;
mod reminder;
mod replies;
mod said;
mod series;
mod specimen;
mod staff;
mod stay;
mod waiting;

pub use access::{BookingLink, address_changed, lost_link, own_data, passkey_added, sign_in_link};
pub use after::{feedback_asked, pledge_chased};
pub use asked::{
    AskedNews, MissingAnswers, PersonalAsk, answers_asked, date_announced, interest_asked,
    invitation_changed, personally_invited,
};
pub use attendee::{Withdrawal, called_off, invite, invite_to_many, withdrawn, withdrawn_from};
pub use changes::{day_changed, days_changed, places_moved, session_cancelled, session_changed};
pub use help::{HelpAnswer, HelpDecided, help_decided};
pub use leader::{
    attendee_apart, attendee_changed, booking_confirmed, booking_of_her_own, places_cancelled,
    places_requested,
};
pub use message::message;
pub use own_calendar::with_own_calendar;
pub use path::{ClaimAnswer, claim_answered, path_changed, path_finished, path_link};
pub use reminder::{reminder, reminder_to_pass_on};
pub use replies::{Heard, calendar_answered};
pub use series::{evenings_cancelled, series_booked};
pub use specimen::{Specimen, specimen};
pub use staff::{
    GivenUp, TrainerNews, account_added, below_minimum, thing_given, trainer_told,
    withdrawals_listed,
};
pub use stay::{ToldRoom, room_told, stay_asked};
pub use waiting::{offer_lapsed, place_offered, request_refused, waiting_list_joined};

use crate::domain::{
    contact::EmailAddress,
    letter::{Circular, REFERENCE, STOP},
    reference::Reference,
};

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// One line of at most 255 characters.
    pub subject: String,
    /// For readers without HTML: everything, in order; nothing in it controls a terminal.
    pub text: String,
    /// The same with the design.
    pub html: String,
    /// Who answers, if not whoever reads our own mailbox.
    pub reply_to: Option<EmailAddress>,
}

impl Content {
    /// The same with the reference of the booking it is about, which whoever phones us reads out.
    #[must_use]
    pub fn of(mut self, reference: &Reference) -> Self {
        self.text = self.text.replace(REFERENCE, &format!("REFERENCE\n{reference}"));
        let html = format!(
            "<p style=\"margin:0 0 16px;\">Reference <b style=\"font-family:Menlo,Consolas,monospace;\">{reference}</b></p>"
        );
        self.html = self.html.replace(REFERENCE, &html);
        self
    }

    /// The same with a link by which its reader stops letters like it.
    #[must_use]
    pub fn with_stop(mut self, what: Circular, url: &str) -> Self {
        let words = format!("Stop {} to this address", what.called());
        self.text = self.text.replace(STOP, &format!("\n{words}: {url}"));
        let html =
            format!(" <a class=\"link\" href=\"{url}\" style=\"color:#0a5560;\">{words}</a>");
        self.html = self.html.replace(STOP, &html);
        self
    }
}

/// A template's words. A template fails only if what it writes to fails, and a string does not.
fn words(template: &impl askama::Template) -> String {
    template.render().expect("a template writes to a string, which cannot fail")
}

/// Renders a letter's facts, `letter` in its templates. The HTML is told the subject, its title.
macro_rules! content {
    ($letter:expr, $facts:ty, $subject:tt, $text:tt, $html:tt $(,)?) => {{
        #[derive(askama::Template)]
        #[template(path = $subject)]
        #[allow(dead_code, reason = "some subjects are the same whatever the facts are")]
        struct Subject<'a> {
            letter: &'a $facts,
        }
        #[derive(askama::Template)]
        #[template(path = $text)]
        struct Text<'a> {
            letter: &'a $facts,
            worded: &'a letters::frame::Worded,
        }
        #[derive(askama::Template)]
        #[template(path = $html)]
        struct Html<'a> {
            letter: &'a $facts,
            worded: &'a letters::frame::Worded,
            subject: &'a str,
        }
        use $crate::mail::{letters, plain};
        let letter: &$facts = $letter;
        let own = letters::words(&Subject { letter });
        let worded = letter.frame.worded($subject, own.trim());
        let subject = plain::subject(worded.subject.as_deref().unwrap_or(&own));
        let worded = &worded;
        let text = plain::tidy(&letters::words(&Text { letter, worded }));
        let html = letters::words(&Html { letter, worded, subject: &subject });
        let reply_to = letter.frame.reply_to.clone();
        letters::Content { subject, text, html, reply_to }
    }};
}
use content;

#[cfg(test)]
mod tests;
