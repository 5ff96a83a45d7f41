use super::*;
use crate::domain::{
    id::VenueId,
    samples::{session, sitting},
    session::Publication,
    venue::{Venue, VenueContact},
};

fn hall() -> Venue {
    Venue {
        id: "hall".parse::<VenueId>().expect("an id"),
        name: "Bradwell Meeting House".to_owned(),
        address: "3 Chapel Row, Milton Keynes MK13 0XX".to_owned(),
        alliance: None,
        access_notes: None,
        directions: None,
        capacity: Some(30),
        contact: VenueContact::default(),
        cost: None,
        hire_notes: None,
    }
}

/// A session of one day.
fn on(code: &str, day: &str) -> Session {
    let sittings = vec![sitting(1, day)];
    Session { code: code.parse().expect("a code"), sittings, ..session() }
}

fn called_off(session: Session) -> Session {
    let publication = Publication::Cancelled { at: DateTime::UNIX_EPOCH, reason: "Ill".to_owned() };
    Session { publication, ..session }
}

/// The second session once before the first and once after it, without a moment between.
fn adjoining(first: &Session, second: &Session) -> [Session; 2] {
    let (starts, ends) = (first.sittings[0].starts_at, first.sittings[0].ends_at);
    let hour = chrono::Duration::hours(1);
    [(starts - hour, starts), (ends, ends + hour)].map(|(starts_at, ends_at)| {
        let day = Sitting { starts_at, ends_at, ..second.sittings[0].clone() };
        Session { sittings: vec![day], ..second.clone() }
    })
}

#[test]
fn nobody_leads_two_sessions_at_once() {
    let planned = on("S001", "2026-09-05");
    let (then, later) = (on("S002", "2026-09-05"), on("S003", "2026-09-06"));
    let led = |others: &[Session]| clashes(&planned, others).len();
    assert_eq!(led(std::slice::from_ref(&then)), 1);
    assert_eq!(led(&[later, planned.clone(), called_off(then.clone())]), 0);
    // One after the other is no clash.
    for next in adjoining(&planned, &then) {
        assert_eq!(led(&[next]), 0);
    }
}

#[test]
fn a_room_that_is_taken_or_too_small_is_asked_about() {
    let (hall, mut planned) = (hall(), on("S001", "2026-09-05"));
    planned.venue = Some(hall.id.clone());
    let used = |session: &Session| VenueUse::of(session);
    let asked = |used: &VenueUse, others: &[Session]| {
        venue_questions(used, std::slice::from_ref(&hall), others)
    };
    // By its number, or by the same words where it is at none of the list.
    let (words, mut number) = (on("S002", "2026-09-05"), on("S003", "2026-09-05"));
    number.venue = Some(hall.id.clone());
    let found = asked(&used(&planned), &[words.clone(), number.clone()]);
    let codes: Vec<_> = found
        .iter()
        .map(|question| match question {
            VenueQuestion::Taken { code, venue, .. } if *venue == hall.name => code.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, ["S002", "S003"]);
    assert_eq!(asked(&used(&planned), &adjoining(&planned, &number)), []);
    let elsewhere = [on("S004", "2026-09-06"), called_off(number), planned.clone()];
    assert_eq!(asked(&used(&planned), &elsewhere), []);
    // In another house of the list, and at the hall only while the other is not.
    let mut another = on("S005", "2026-09-05");
    another.venue = Some("barn".parse().expect("an id"));
    assert_eq!(asked(&used(&planned), std::slice::from_ref(&another)), []);
    let (mut twice, week) = (used(&planned), chrono::Duration::days(7));
    let day = another.sittings[0].starts_at + week;
    twice.days.push(("barn".parse().expect("an id"), day, day + chrono::Duration::hours(7)));
    assert_eq!(asked(&twice, &[on("S006", "2026-09-12")]), []);
    // Not at the hall at all.
    assert_eq!(asked(&used(&on("S001", "2026-09-05")), &[words]), []);
    planned.occupancy.capacity = 31;
    let small = VenueQuestion::TooSmall { venue: hall.name.clone(), holds: 30, places: 31 };
    assert_eq!(asked(&used(&planned), &[]), [small]);
}
