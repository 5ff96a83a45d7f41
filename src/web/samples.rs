//! Values as people really type them, some with malice; and what every page owes. Each page is rendered
//! with them beside its struct.

use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    domain::{
        alliance::Alliance,
        attendee::{Attendee, Guardian, Ticks},
        course::Course,
        location::Location,
        occupancy::Occupancy,
        place::{Place, PlaceState},
        registration::{Leader, Registration, Sender},
        samples::{self, name, place, trainer},
        session::Session,
        sitting::Sitting,
        text::Need,
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

fn sitting(number: u32, day: &str) -> Sitting {
    Sitting {
        uid: format!("{number}@turnout.example"),
        created_at: before(),
        changed_at: before(),
        ..samples::sitting(number, day)
    }
}

pub fn session() -> Session {
    Session {
        course: Arc::new(Course {
            summary: "Learn to lead.".to_owned(),
            campaign: "living-wage".to_owned(),
            needs_guardian: true,
            ..samples::course("Two-day leadership training")
        }),
        alliance: Arc::new(Alliance { name: "Milton Keynes".to_owned(), ..samples::alliance() }),
        occupancy: Occupancy { capacity: 30, occupied: 24, ..Occupancy::default() },
        trainers: vec![
            trainer("amina.yusuf", "Amina Yusuf"),
            trainer("dafydd.pritchard", "Dafydd Pritchard"),
        ],
        note: Some("Bring <b>lunch</b>.".to_owned()),
        sittings: vec![sitting(1, "2026-09-05"), sitting(2, "2026-09-12")],
        ..samples::session()
    }
}

fn attendee(name: &str, email: &str, dietary: &str, access: &str) -> Attendee {
    let (dietary, access) =
        (Need::parse_optional(dietary).unwrap(), Need::parse_optional(access).unwrap());
    Attendee {
        ticks: Ticks::default().with_words(dietary.as_ref(), access.as_ref()),
        dietary,
        access,
        ..samples::attendee(name, email)
    }
}

fn booking(reference: &str, sender: &str, places: Vec<Place>) -> Registration {
    let sample = samples::booking(places);
    Registration {
        reference: reference.parse().unwrap(),
        leader: Leader { phone: "07700 900117".parse().ok(), ..sample.leader },
        sender: Sender::NotListed(name(sender)),
        booked_at: Some(before()),
        ..sample
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
        let called = format!("Person {number} With-A-Rather Longer Name");
        let mut attendee = attendee(&called, "", dietary, access);
        attendee.guardian = (number == 5)
            .then(|| Guardian { name: name("Joy Clarke"), contact: name("07700 900176") });
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
