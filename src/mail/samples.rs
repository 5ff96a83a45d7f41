//! Sample facts for the tests of letters and messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Letterhead, to_mime};
use crate::domain::{
    attendee::Attendee,
    id::LetterId,
    letter::{CalendarMethod, CalendarPart, Letter, LetterKind},
    location::Location,
    place::PlaceState,
    registration::Registration,
    samples,
    session::Session,
    text::Need,
};

pub(super) use crate::domain::samples::session;

pub(super) const MANAGE: &str = "https://turnout.example.org/b/leaderleaderleaderleaderle";
pub(super) const PLACE: &str = "https://turnout.example.org/p/attendeeattendeeattendeeat";
pub(super) const DIET: &str = "ZZ-coeliac-ZZ";
pub(super) const ACCESS: &str = "ZZ-hoist-ZZ";
pub(super) const ROOM: &str = "https://video.example.org/room-42";

pub(super) fn letterhead() -> Letterhead {
    Letterhead {
        name: "Turnout trainings".to_owned(),
        address: "trainings@turnout.example.org".parse().unwrap(),
        base_url: "https://turnout.example.org".to_owned(),
        phone: "020 7946 0142".to_owned(),
        host: "turnout.example.org".to_owned(),
    }
}

pub(super) fn titled(title: &str) -> Session {
    Session { course: Arc::new(samples::course(title)), ..session() }
}

pub(super) fn online() -> Session {
    Session { location: Location::Online { room: ROOM.to_owned() }, ..session() }
}

pub(super) fn attendee(text: &str, email: Option<&str>) -> Attendee {
    Attendee {
        dietary: Some(Need::parse(DIET).unwrap()),
        access: Some(Need::parse(ACCESS).unwrap()),
        ..samples::attendee(text, email.unwrap_or_default())
    }
}

/// Three people who are coming, one of them without an address, and one whose name is to follow.
pub(super) fn registration() -> Registration {
    let people = [
        Some(attendee("Ruth Okafor", Some("ruth@example.org"))),
        Some(attendee("Kwame Mensah", Some("kwame@example.org"))),
        Some(attendee("Sister Mary Keane", None)),
        None,
    ];
    let places = people
        .into_iter()
        .zip(1..)
        .map(|(who, number)| samples::place(number, who, PlaceState::Confirmed))
        .collect();
    samples::booking(places)
}

pub(super) fn date() -> DateTime<Utc> {
    "2026-08-20T09:15:30Z".parse().unwrap()
}

/// A letter with an invite.
pub(super) fn letter() -> Letter {
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
               SUMMARY:Día uno — Åsa\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    Letter {
        id: LetterId::new(Uuid::from_u128(42)),
        kind: LetterKind::Invite,
        to_name: Some("José García, Dr".to_owned()),
        to: "jose@example.org".parse().unwrap(),
        subject: "You have a place: Día uno".to_owned(),
        text: "Hello José,\n\nline two\n".to_owned(),
        html: "<p>Hello José</p>\n".to_owned(),
        calendar: Some(CalendarPart { method: CalendarMethod::Request, ics: ics.to_owned() }),
        thread: Some("secret-uid".to_owned()),
        day: None,
        reply_to: None,
        session: None,
    }
}

pub(super) fn message(letter: &Letter) -> lettre::Message {
    to_mime(&letterhead(), letter, date()).unwrap()
}
