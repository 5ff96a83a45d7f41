//! Values for the tests of every floor: a session of two days, and a booking on it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime};
use uuid::Uuid;

use super::{
    admission::Admission,
    alliance::Alliance,
    attendee::{Attendee, Ticks},
    course::Course,
    id::{PlaceId, RegistrationId, SittingId},
    institution::{Institution, InstitutionKind, Membership},
    location::Location,
    occupancy::{Occupancy, TeamPolicy},
    place::{Place, PlaceState},
    registration::{Leader, Registration, Sender},
    session::{BookingMode, Publication, Session, Trainer},
    sitting::{Sitting, instants},
    text::Name,
};

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

/// Somebody who needs nothing; without an address where it is empty.
pub(crate) fn attendee(text: &str, email: &str) -> Attendee {
    Attendee {
        name: name(text),
        email: email.parse().ok(),
        dietary: None,
        access: None,
        ticks: Ticks::default(),
        guardian: None,
    }
}

pub(crate) fn course(title: &str) -> Course {
    Course {
        slug: "two-day".parse().expect("a slug"),
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

pub(crate) fn alliance() -> Alliance {
    Alliance {
        slug: "citizens-mk".parse().expect("a slug"),
        name: "Citizens MK".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "mk@example.org".parse().expect("an address"),
        words: Default::default(),
    }
}

/// A congregation that is a member of the alliance.
pub(crate) fn institution(code: &str, name: &str) -> Institution {
    Institution {
        code: code.parse().expect("a code"),
        name: name.to_owned(),
        kind: InstitutionKind::Faith,
        alliance: alliance().slug,
        membership: Membership::Member,
    }
}

pub(crate) fn trainer(login: &str, name: &str) -> Trainer {
    Trainer { login: login.parse().expect("a login"), name: name.to_owned() }
}

/// A day from half past nine to half past four in London.
pub(crate) fn sitting(number: u32, day: &str) -> Sitting {
    let zone = chrono_tz::Europe::London;
    let at = |time: &str| format!("{day}T{time}").parse::<NaiveDateTime>().expect("a time");
    let (starts, ends) = (at("09:30:00"), at("16:30:00"));
    let (starts_at, ends_at) = instants(starts, ends, zone).expect("instants");
    Sitting {
        id: SittingId::new(Uuid::from_u128(number.into())),
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

pub(crate) fn session() -> Session {
    Session {
        code: "S001".parse().expect("a code"),
        course: Arc::new(course("Two-day leadership training")),
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
        admission: Admission::Public,
        series: None,
        changes_close: None,
        on_decline: Default::default(),
        aims: Default::default(),
        overnight: Default::default(),
        reserves: Vec::new(),
        helps: false,
        trainers: vec![trainer("amina.yusuf", "Amina Yusuf")],
        note: Some("Tea and sign-in from 9am.".to_owned()),
        words: Default::default(),
        publication: Publication::Published,
        sittings: vec![sitting(1, "2026-09-05"), sitting(2, "2026-09-12")],
    }
}

pub(crate) fn place(number: u32, attendee: Option<Attendee>, state: PlaceState) -> Place {
    Place { id: PlaceId::new(Uuid::from_u128(number.into())), number, attendee, state }
}

/// A booking of those places, by somebody who comes for a parish that is on no list.
pub(crate) fn booking(places: Vec<Place>) -> Registration {
    Registration {
        id: RegistrationId::new(Uuid::from_u128(7)),
        reference: "RM7K-4TQ2".parse().expect("a reference"),
        session: "S001".parse().expect("a code"),
        leader: Leader {
            name: name("Ruth Okafor"),
            email: "ruth@example.org".parse().ok(),
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
