//! Sample facts for the tests of letters and messages.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

use super::{Letterhead, to_mime};
use crate::domain::{
    alliance::Alliance,
    attendee::{Attendee, Ticks},
    course::Course,
    id::{LetterId, PlaceId, RegistrationId, SittingId},
    letter::{CalendarMethod, CalendarPart, Letter, LetterKind},
    location::Location,
    occupancy::{Occupancy, TeamPolicy},
    place::{Place, PlaceState},
    registration::{Leader, Registration, Sender},
    session::{BookingMode, Publication, Session, Trainer},
    sitting::{self, Sitting},
    text::{Name, Need},
};

pub(super) const MANAGE: &str = "https://turnout.example.org/b/leaderleaderleaderleaderle";
pub(super) const PLACE: &str = "https://turnout.example.org/p/attendeeattendeeattendeeat";
pub(super) const DIET: &str = "ZZ-coeliac-ZZ";
pub(super) const ACCESS: &str = "ZZ-hoist-ZZ";
pub(super) const ROOM: &str = "https://video.example.org/room-42";

pub(super) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(super) fn letterhead() -> Letterhead {
    Letterhead {
        name: "Turnout trainings".to_owned(),
        address: "trainings@turnout.example.org".parse().unwrap(),
        base_url: "https://turnout.example.org".to_owned(),
        phone: "020 7946 0142".to_owned(),
        host: "turnout.example.org".to_owned(),
    }
}

fn course(title: &str) -> Course {
    Course {
        slug: "two-day".parse().unwrap(),
        title: title.to_owned(),
        summary: "Two days that change how a team works.".to_owned(),
        campaign: "core".to_owned(),
        learning_minutes: 720,
        default_capacity: 30,
        prerequisites: Vec::new(),
        needs_guardian: false,
        words: Default::default(),
    }
}

fn alliance() -> Alliance {
    Alliance {
        slug: "citizens-mk".parse().unwrap(),
        name: "Citizens MK".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "mk@example.org".parse().unwrap(),
        words: Default::default(),
    }
}

pub(super) fn sitting(number: u32, day: &str) -> Sitting {
    let zone = chrono_tz::Europe::London;
    let at = |time: &str| format!("{day}T{time}").parse::<NaiveDateTime>().unwrap();
    let (starts, ends) = (at("09:30:00"), at("16:30:00"));
    let (starts_at, ends_at) = sitting::instants(starts, ends, zone).unwrap();
    Sitting {
        id: SittingId::new(Uuid::from_u128(u128::from(number))),
        number,
        starts,
        ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("public-{number}"),
        sequence: 0,
        created_at: DateTime::UNIX_EPOCH,
        changed_at: DateTime::UNIX_EPOCH,
        place: None,
    }
}

pub(super) fn session() -> Session {
    titled("Two-day leadership training")
}

pub(super) fn titled(title: &str) -> Session {
    Session {
        code: "S001".parse().unwrap(),
        course: Arc::new(course(title)),
        alliance: Arc::new(alliance()),
        location: Location::Venue {
            name: "Bradwell Meeting House".to_owned(),
            address: "3 Chapel Row, Milton Keynes MK13 0XX".to_owned(),
        },
        venue: None,
        access: vec!["step-free".to_owned()],
        occupancy: Occupancy { capacity: 30, occupied: 3, ..Occupancy::default() },
        places_per_institution: None,
        places_per_booking: 20,
        mode: BookingMode::Instant,
        booking_opens: None,
        booking_closes: None,
        waiting_list: true,
        admission: crate::domain::admission::Admission::Public,
        series: None,
        changes_close: None,
        on_decline: Default::default(),
        aims: Default::default(),
        overnight: Default::default(),
        reserves: Vec::new(),
        helps: false,
        trainers: vec![Trainer {
            login: "amina.yusuf".parse().unwrap(),
            name: "Amina Yusuf".to_owned(),
        }],
        note: Some("Tea and sign-in from 9am.".to_owned()),
        words: Default::default(),
        publication: Publication::Published,
        sittings: vec![sitting(1, "2026-09-05"), sitting(2, "2026-09-12")],
    }
}

pub(super) fn online() -> Session {
    Session { location: Location::Online { room: ROOM.to_owned() }, ..session() }
}

pub(super) fn attendee(text: &str, email: Option<&str>) -> Attendee {
    Attendee {
        name: name(text),
        email: email.map(|address| address.parse().unwrap()),
        dietary: Some(Need::parse(DIET).unwrap()),
        access: Some(Need::parse(ACCESS).unwrap()),
        ticks: Ticks::default(),
        guardian: None,
    }
}

pub(super) fn place(number: u32, attendee: Option<Attendee>, state: PlaceState) -> Place {
    Place { id: PlaceId::new(Uuid::from_u128(u128::from(number))), number, attendee, state }
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
        .map(|(who, number)| place(number, who, PlaceState::Confirmed))
        .collect();
    Registration {
        id: RegistrationId::new(Uuid::from_u128(7)),
        reference: "RM7K-4TQ2".parse().unwrap(),
        session: "S001".parse().unwrap(),
        leader: Leader {
            name: name("Ruth Okafor"),
            email: Some("ruth@example.org".parse().unwrap()),
            phone: None,
        },
        sender: Sender::NotListed(name("St Brigid's RC Parish")),
        team: TeamPolicy::Together,
        booked_at: Some(DateTime::UNIX_EPOCH),
        hold_extended: false,
        asked: 0,
        untold_since: None,
        nomination: None,
        places,
    }
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
