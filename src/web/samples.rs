//! Values as people really type them, some with malice; and what every page owes. Each page is rendered
//! with them beside its struct.

use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    domain::{
        alliance::Alliance,
        attendee::{Attendee, Guardian, Ticks},
        course::Course,
        id::{PlaceId, RegistrationId, SittingId},
        location::Location,
        occupancy::{Occupancy, TeamPolicy},
        place::{Place, PlaceState},
        registration::{Leader, Registration, Sender},
        session::{BookingMode, Publication, Session, Trainer},
        sitting::{Sitting, instants},
        text::{Name, Need},
    },
    token::Token,
    web::page::{Area, Chrome, Office, Viewer},
};

/// A private link.
pub fn token() -> Token {
    "0123456789abcdefghjkmnpqrs".parse().unwrap()
}

pub fn chrome(area: Area) -> Chrome {
    Chrome {
        office: Office {
            phone: "020 7946 0142".to_owned(),
            email: "training@example.org".to_owned(),
        },
        area,
        viewer: (area == Area::Trainer)
            .then(|| Viewer { name: "Amina Yusuf".to_owned(), has_office: false }),
        private: true,
        demo: true,
    }
}

/// A moment before the session starts.
pub fn before() -> DateTime<Utc> {
    "2026-08-20T09:00:00Z".parse().unwrap()
}

pub fn online() -> Location {
    Location::Online { room: "https://meet.example/abc".to_owned() }
}

fn sitting(number: u32, day: u32) -> Sitting {
    let zone = chrono_tz::Europe::London;
    let date = NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
    let (starts, ends) =
        (date.and_hms_opt(9, 30, 0).unwrap(), date.and_hms_opt(16, 30, 0).unwrap());
    let (starts_at, ends_at) = instants(starts, ends, zone).unwrap();
    Sitting {
        id: SittingId::new(Uuid::from_u128(number.into())),
        number,
        starts,
        ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("{number}@turnout.example"),
        sequence: 0,
        created_at: before(),
        changed_at: before(),
        place: None,
    }
}

pub fn session() -> Session {
    let trainer =
        |login: &str, name: &str| Trainer { login: login.parse().unwrap(), name: name.to_owned() };
    Session {
        code: "S001".parse().unwrap(),
        course: Arc::new(Course {
            slug: "two-day".parse().unwrap(),
            title: "Two-day leadership training".to_owned(),
            summary: "Learn to lead.".to_owned(),
            campaign: "living-wage".to_owned(),
            learning_minutes: 720,
            default_capacity: 30,
            prerequisites: vec![],
            needs_guardian: true,
            words: Default::default(),
        }),
        alliance: Arc::new(Alliance {
            slug: "citizens-mk".parse().unwrap(),
            name: "Milton Keynes".to_owned(),
            time_zone: chrono_tz::Europe::London,
            contact_email: "mk@example.org".parse().unwrap(),
            words: Default::default(),
        }),
        location: Location::Venue {
            name: "Bradwell Meeting House".to_owned(),
            address: "3 Chapel Row, Milton Keynes MK13 0XX".to_owned(),
        },
        venue: None,
        access: vec!["step-free".to_owned()],
        occupancy: Occupancy { capacity: 30, occupied: 24, ..Occupancy::default() },
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
        trainers: vec![
            trainer("amina.yusuf", "Amina Yusuf"),
            trainer("dafydd.pritchard", "Dafydd Pritchard"),
        ],
        note: Some("Bring <b>lunch</b>.".to_owned()),
        words: Default::default(),
        publication: Publication::Published,
        sittings: vec![sitting(1, 5), sitting(2, 12)],
    }
}

fn attendee(name: &str, email: &str, dietary: &str, access: &str) -> Attendee {
    let (dietary, access) =
        (Need::parse_optional(dietary).unwrap(), Need::parse_optional(access).unwrap());
    Attendee {
        name: Name::parse(name).unwrap(),
        email: email.parse().ok(),
        ticks: Ticks::default().with_words(dietary.as_ref(), access.as_ref()),
        dietary,
        access,
        guardian: None,
    }
}

fn place(number: u32, attendee: Option<Attendee>, state: PlaceState) -> Place {
    Place { id: PlaceId::new(Uuid::from_u128(number.into())), number, attendee, state }
}

fn booking(reference: &str, sender: &str, places: Vec<Place>) -> Registration {
    Registration {
        id: RegistrationId::new(Uuid::from_u128(7)),
        reference: reference.parse().unwrap(),
        session: "S001".parse().unwrap(),
        leader: Leader {
            name: Name::parse("Ruth Okafor").unwrap(),
            email: "ruth@example.org".parse().ok(),
            phone: "07700 900117".parse().ok(),
        },
        sender: Sender::NotListed(Name::parse(sender).unwrap()),
        team: TeamPolicy::Together,
        booked_at: Some(before()),
        hold_extended: false,
        asked: 0,
        untold_since: None,
        nomination: None,
        places,
    }
}

/// Four confirmed places, one that waits and one that was given up.
pub fn registration() -> Registration {
    let hostile = "<script>alert(1)</script>";
    let formula = "=HYPERLINK(\"https://evil.example\",\"x\")";
    let confirmed = PlaceState::Confirmed;
    booking(
        "RM7K-4TQ2",
        "St Brigid's RC Parish",
        vec![
            place(1, Some(attendee("Ruth Okafor", "ruth@example.org", "", "")), confirmed),
            place(2, Some(attendee("Leila Haddad", "leila@example.org", "Halal", "")), confirmed),
            place(3, Some(attendee(formula, "", hostile, "Step-free <i>seat</i>")), confirmed),
            place(4, None, confirmed),
            place(5, Some(attendee(hostile, "", "", "")), PlaceState::Waiting { queue: 3 }),
            place(6, Some(attendee("Sister Mary Keane", "", "", "")), PlaceState::Cancelled),
        ],
    )
}

/// Twenty confirmed places, with the needs a trainer must not miss.
pub fn big_team() -> Registration {
    const NEEDS: [(&str, &str); 4] = [
        ("", "Hearing loop"),
        ("Nut allergy, carries an EpiPen", ""),
        ("Vegetarian", ""),
        ("halal", "Bengali interpreter sits beside her"),
    ];
    let person = |number: u32| {
        let (dietary, access) = NEEDS.get(number as usize - 1).copied().unwrap_or_default();
        let name = format!("Person {number} With-A-Rather Longer Name");
        let mut attendee = attendee(&name, "", dietary, access);
        attendee.guardian = (number == 5).then(|| Guardian {
            name: Name::parse("Joy Clarke").unwrap(),
            contact: Name::parse("07700 900176").unwrap(),
        });
        place(number, Some(attendee), PlaceState::Confirmed)
    };
    booking("7KRM-Q24T", "Fishermead Mosque and Community Centre", (1..=20).map(person).collect())
}

/// One place for somebody who asks for nothing.
pub fn without_needs() -> Registration {
    let ruth = attendee("Ruth Okafor", "ruth@example.org", "", "");
    booking("RM7K-4TQ2", "St Brigid's", vec![place(1, Some(ruth), PlaceState::Confirmed)])
}

/// Renders a page, holds it to what every page owes, and keeps it where the environment says.
pub fn rendered(name: &str, page: &impl Template) -> String {
    let html = page.render().unwrap();
    let lower = html.to_lowercase();
    for banned in ["<style", " style=", " onclick=", " onload=", "<script>", "javascript:"] {
        assert!(!lower.contains(banned), "{name} contains {banned}");
    }
    let scripts = lower.matches("<script").count();
    let ours = lower.matches("<script src=\"/static/").count();
    assert_eq!(scripts, ours, "{name} loads a script that is not a file of ours");
    assert_eq!(lower.matches("<h1").count(), 1, "{name} has not exactly one h1");
    let mut ids: Vec<_> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{name} uses an id twice");
    if let Ok(folder) = std::env::var("TURNOUT_RENDER_DIR") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &html).unwrap();
    }
    html
}

/// Holds a page to words it must carry.
pub fn contains_all(html: &str, words: &[&str]) {
    for expected in words {
        assert!(html.contains(expected), "the page lacks {expected:?}");
    }
}
