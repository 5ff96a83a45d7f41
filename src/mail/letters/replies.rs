//! To an attendee whose calendar answered: what we heard, and what becomes of her place.

use chrono::{DateTime, Utc};

use super::{
    super::Sender,
    Content,
    frame::{Button, Details, Frame, Opening, Step, short_title, signed, site_name},
    note::Note,
};
use crate::domain::{session::Session, wording};

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The place goes to somebody else at a moment, unless she keeps it.
    Declined {
        /// That moment.
        until: DateTime<Utc>,
    },
    /// Nothing changed; she is asked whether she gives her place up.
    Asked,
    /// She accepted a place that is hers no more.
    TooLate,
}

/// To an attendee: what her calendar answered. `url` is her own link, or the session's page where
/// the place is hers no more.
pub fn calendar_answered(
    sender: &Sender,
    session: &Session,
    name: &str,
    heard: Heard,
    url: &str,
) -> Content {
    let (heading, lead, step, label) = words(session, heard);
    let private = "This link is private. Anyone who has it can change your place, so please do \
                   not forward this email.";
    let caution = if heard == Heard::TooLate { "" } else { private };
    Note {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("{heading}: {}, {}", short_title(session), wording::days(session)),
                heading,
                lead,
                to_name: name,
                why: format!(
                    "You get this email because your calendar answered an invite from {}.",
                    site_name(sender)
                ),
                signed: signed(session),
            },
        ),
        details: Details::of_session(sender, session),
        steps: vec![step],
        button: Button { url: url.to_owned(), label, caution: caution.to_owned() },
    }
    .render()
}

/// Heading, lead, what to do, and what the button says.
fn words(session: &Session, heard: Heard) -> (&'static str, String, Step, &'static str) {
    let title = &session.course.title;
    match heard {
        Heard::Declined { until } => (
            "You said you cannot come",
            format!(
                "{title}. Your place goes to somebody else at {}.",
                wording::deadline(until, session.zone())
            ),
            Step {
                title: "Coming after all?",
                words: "Press the button before then and the place stays yours. If you cannot \
                        come, there is nothing to do. Thank you for telling us."
                    .to_owned(),
            },
            "Keep my place",
        ),
        Heard::Asked => (
            "Do you give up your place?",
            format!("Your calendar told us that you cannot come to {title}."),
            Step {
                title: "You still have your place",
                words: "We changed nothing. If you cannot come, please give the place up, so \
                        that somebody else can. If you can, there is nothing to do."
                    .to_owned(),
            },
            "See your place",
        ),
        Heard::TooLate => (
            "Your place was given up",
            format!("Your calendar told us that you come to {title}, but the place is not yours."),
            Step {
                title: "Would you like to come?",
                words: "You can book again if there are places, or join the waiting list."
                    .to_owned(),
            },
            "See this session",
        ),
    }
}
