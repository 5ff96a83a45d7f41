//! What came to the reply mailbox, and what a person has to read.

use askama::Template;
use chrono_tz::Tz;

use crate::{
    store::received::{Outcome, ReceivedMail},
    web::{office::stamp, page::Chrome},
};

/// The latest messages.
#[derive(Template)]
#[template(path = "office/replies.html")]
pub struct RepliesPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// How many came to each end in the last thirty days.
    pub counts: Vec<(Outcome, i64)>,
    /// The messages, those to read first.
    pub mails: Vec<ReceivedMail>,
    /// The zone times are told in.
    pub zone: Tz,
}

/// What became of a message, in words.
fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Taken => "Answer taken",
        Outcome::Repeated => "Said before",
        Outcome::Stale => "Answer to an older invite",
        Outcome::Unknown => "Answer to an invite we do not know",
        Outcome::NotTheirs => "Answer from another address: we asked by email",
        Outcome::TooMany => "Too many answers to one invite",
        Outcome::Bounced => "A letter that came back",
        Outcome::Automatic => "Automatic, ignored",
        Outcome::ForTheOffice => "For you to read",
        Outcome::Refused => "Too large, refused",
    }
}

impl RepliesPage {
    fn words(&self, of: &Outcome) -> &'static str {
        outcome(*of)
    }

    fn when(&self, mail: &ReceivedMail) -> String {
        stamp(mail.at, self.zone)
    }
}

/// One message that a person has to read.
#[derive(Template)]
#[template(path = "office/reply.html")]
pub struct ReplyPage {
    /// The frame.
    pub chrome: Chrome,
    /// Its row.
    pub id: uuid::Uuid,
    /// Its text as it came, headers included.
    pub raw: String,
}
