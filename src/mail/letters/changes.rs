//! Letters about what the office changed: other times, another venue, or a session called off.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
    leader::Booking,
};
use crate::domain::{
    place::PlaceStatus, registration::Registration, session::Session, sitting::Sitting,
    text::Paragraph, wording,
};

fn lines(changes: &[String]) -> Vec<String> {
    changes.iter().map(|change| plain::one_line(change)).collect()
}

struct DayChanged {
    frame: Frame,
    session: About,
    date: String,
    changes: Vec<String>,
    url: String,
}

/// To an attendee: one day of her session is at another time or place; it goes with the new invite
/// of that day. `place_url` opens her own place.
pub fn day_changed(
    letterhead: &Letterhead,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    changes: &[String],
    place_url: &str,
) -> Content {
    changed(letterhead, (session, Some(sitting)), name, changes, place_url)
}

/// The same of many days: one letter, with a file of them.
pub fn days_changed(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    changes: &[String],
    place_url: &str,
) -> Content {
    changed(letterhead, (session, None), name, changes, place_url)
}

fn changed(
    letterhead: &Letterhead,
    (session, sitting): (&Session, Option<&Sitting>),
    name: &str,
    changes: &[String],
    place_url: &str,
) -> Content {
    let all = || About::session(letterhead, session).with_room(session, Joining::ByYourself);
    let letter = DayChanged {
        frame: Frame::about(letterhead, session, name),
        session: sitting.map_or_else(all, |one| About::sitting(letterhead, session, one)),
        date: sitting
            .map_or_else(|| wording::days(session), |one| wording::long_date(one.starts.date())),
        changes: lines(changes),
        url: place_url.to_owned(),
    };
    content!(
        &letter,
        DayChanged,
        "letters/day-changed/subject.txt",
        "letters/day-changed/body.txt",
        "letters/day-changed/body.html"
    )
}

struct SessionChanged {
    frame: Frame,
    session: About,
    reference: String,
    changes: Vec<String>,
    url: String,
}

/// To the leader: what changed for her people.
pub fn session_changed(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    changes: &[String],
    manage_url: &str,
) -> Content {
    let letter = SessionChanged {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        reference: registration.reference.to_string(),
        changes: lines(changes),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        SessionChanged,
        "letters/session-changed/subject.txt",
        "letters/session-changed/body.txt",
        "letters/session-changed/body.html"
    )
}

struct SessionCancelled {
    frame: Frame,
    session: About,
    reference: String,
    reason: String,
    url: String,
}

/// To the leader: the session does not take place, and why.
pub fn session_cancelled(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    reason: Option<&Paragraph>,
    manage_url: &str,
) -> Content {
    let letter = SessionCancelled {
        frame: Frame::to_leader(letterhead, session, registration),
        session: About::session(letterhead, session),
        reference: registration.reference.to_string(),
        reason: reason.map(|reason| plain::one_line(reason.as_str())).unwrap_or_default(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        SessionCancelled,
        "letters/session-cancelled/subject.txt",
        "letters/session-cancelled/body.txt",
        "letters/session-cancelled/body.html"
    )
}

struct PlacesMoved {
    frame: Frame,
    session: About,
    from_title: String,
    from_days: String,
    /// Who moved; nobody where the name is to follow.
    names: Vec<Option<String>>,
    waiting: usize,
    /// Whether everybody waits on the new date.
    all_wait: bool,
    reference: String,
    url: String,
}

/// To a leader: people she booked are on another session now, under a booking of its own.
pub fn places_moved(
    letterhead: &Letterhead,
    (from, to): (&Session, &Session),
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let names = registration.places.iter().map(|place| {
        let attendee = place.attendee.as_ref();
        attendee.map(|attendee| plain::one_line(attendee.name.as_str()))
    });
    let waiting = registration.places_in(PlaceStatus::Waiting).count();
    let letter = PlacesMoved {
        frame: Frame::to_leader(letterhead, to, registration),
        session: About::session(letterhead, to),
        from_title: plain::one_line(&from.course.title),
        from_days: wording::days(from),
        names: names.collect(),
        waiting,
        all_wait: waiting == registration.places.len(),
        reference: registration.reference.to_string(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        PlacesMoved,
        "letters/places-moved/subject.txt",
        "letters/places-moved/body.txt",
        "letters/places-moved/body.html"
    )
}
