//! To an attendee whose calendar answered: what we heard, and what becomes of her place.

use chrono::{DateTime, Utc};

use super::{
    super::Letterhead,
    Content, content,
    frame::{About, Frame, Joining},
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

struct CalendarAnswered {
    frame: Frame,
    session: About,
    heard: Heard,
    /// Until when a place that was declined is kept.
    deadline: String,
    url: String,
}

/// To an attendee: what her calendar answered. `url` is her own link, or the session's page where
/// the place is hers no more.
pub fn calendar_answered(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    heard: Heard,
    url: &str,
) -> Content {
    let letter = CalendarAnswered {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        heard,
        deadline: match heard {
            Heard::Declined { until } => wording::deadline(until, session.zone()),
            Heard::Asked | Heard::TooLate => String::new(),
        },
        url: url.to_owned(),
    };
    content!(
        &letter,
        CalendarAnswered,
        "letters/calendar-answered/subject.txt",
        "letters/calendar-answered/body.txt",
        "letters/calendar-answered/body.html"
    )
}
