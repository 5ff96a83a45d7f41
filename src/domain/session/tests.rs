use super::*;
use crate::domain::{
    samples::{session, sitting},
    series::InSeries,
    sitting::instants,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn moment() -> Duration {
    Duration::seconds(1)
}

/// A day from one wall time to another, in London.
fn day(number: u32, starts: &str, ends: &str) -> Sitting {
    let [starts, ends] = [starts, ends].map(|time| time.parse().expect("a wall time"));
    let (starts_at, ends_at) = instants(starts, ends, chrono_tz::Europe::London).expect("a day");
    Sitting { starts, ends, starts_at, ends_at, ..sitting(number, "2026-09-05") }
}

fn called_off() -> Publication {
    Publication::Cancelled { at: DateTime::UNIX_EPOCH, reason: "Ill".to_owned() }
}

#[test]
fn a_session_begins_with_its_first_day_and_ends_with_its_last_whatever_their_order() {
    let mut session = session();
    session.sittings.reverse();
    assert_eq!(session.starts_at(), Some(at("2026-09-05T08:30:00Z")));
    assert_eq!(session.ends_at(), Some(at("2026-09-12T15:30:00Z")));
    let planned = Session { sittings: Vec::new(), ..session };
    assert_eq!((planned.starts_at(), planned.ends_at(), planned.closes_at()), (None, None, None));
    assert_eq!(planned.zone(), planned.alliance.time_zone);
}

#[test]
fn booking_closes_when_it_was_said_to_and_never_after_the_start() {
    let starts = at("2026-09-05T08:30:00Z");
    for (set, closes) in [
        (None, starts),
        (Some(starts - moment()), starts - moment()),
        (Some(starts + moment()), starts),
    ] {
        let session = Session { booking_closes: set, ..session() };
        assert_eq!(session.closes_at(), Some(closes));
    }
}

#[test]
fn a_session_can_be_booked_from_its_opening_until_it_closes() {
    let (opens, closes) = (at("2026-08-01T09:00:00Z"), at("2026-09-01T09:00:00Z"));
    let ends = at("2026-09-12T15:30:00Z");
    let session = Session { booking_opens: Some(opens), booking_closes: Some(closes), ..session() };
    for (now, status) in [
        (opens - moment(), BookingStatus::NotYetOpen { opens }),
        (opens, BookingStatus::Open { closes }),
        (closes - moment(), BookingStatus::Open { closes }),
        (closes, BookingStatus::Closed),
        (ends - moment(), BookingStatus::Closed),
        (ends, BookingStatus::Finished),
    ] {
        assert_eq!(session.booking_status(now), status, "{now}");
        let draft = Session { publication: Publication::Draft, ..session.clone() };
        assert_eq!(draft.booking_status(now), BookingStatus::Draft);
        let gone = Session { publication: called_off(), ..session.clone() };
        assert_eq!(gone.booking_status(now), BookingStatus::Cancelled);
    }
    let dayless = Session { sittings: Vec::new(), ..session };
    assert_eq!(dayless.booking_status(opens), BookingStatus::Draft);
}

#[test]
fn a_place_is_let_go_until_the_last_day_is_over_unless_somebody_was_there() {
    let (session, ends) = (session(), at("2026-09-12T15:30:00Z"));
    assert_eq!(session.lets_go(false, ends - moment()), Ok(()));
    assert_eq!(session.lets_go(true, ends - moment()), Err(Settled::Attended));
    assert_eq!(session.lets_go(false, ends), Err(Settled::Over));
    assert_eq!(session.lets_go(true, ends), Err(Settled::Over));
}

#[test]
fn only_what_is_published_is_seen_and_only_what_is_for_everybody_is_listed() {
    for (publication, admission, has_page, is_listed) in [
        (Publication::Published, Admission::Public, true, true),
        (called_off(), Admission::Public, true, true),
        (Publication::Published, Admission::Unlisted, true, false),
        (Publication::Published, Admission::Closed, false, false),
        (Publication::Draft, Admission::Public, false, false),
    ] {
        let told = format!("{publication:?}, {admission}");
        let session = Session { publication, admission, ..session() };
        assert_eq!((session.has_page(), session.is_listed()), (has_page, is_listed), "{told}");
    }
}

#[test]
fn a_series_that_is_booked_as_a_whole_is_named_by_its_evenings() {
    let id: SeriesId = "learning-thursday".parse().expect("a slug");
    let within =
        |bookable| Session { series: Some(InSeries { id: id.clone(), bookable }), ..session() };
    assert_eq!(within(Bookable::Whole).whole_series(), Some(&id));
    assert_eq!(within(Bookable::Any).whole_series(), None);
    assert_eq!(session().whole_series(), None);
}

#[test]
fn whoever_is_named_as_trainer_leads_it() {
    let session = session();
    assert!(session.is_led_by(&"amina.yusuf".parse().expect("a login")));
    assert!(!session.is_led_by(&"ruth".parse().expect("a login")));
}

#[test]
fn a_door_stays_that_of_a_day_until_two_hours_after_its_end() {
    let session = session();
    let after = at("2026-09-05T17:30:00Z");
    for (now, number) in [
        (at("2026-01-01T10:00:00Z"), 1),
        (at("2026-09-05T15:30:00Z"), 1),
        (after - moment(), 1),
        (after, 2),
        (at("2027-01-01T10:00:00Z"), 2),
    ] {
        let found = session.sitting_at_the_door(now).map(|day| day.number);
        assert_eq!(found, Some(number), "{now}");
    }
}

#[test]
fn attendees_are_named_and_swapped_until_the_last_day_ends_or_until_it_was_said() {
    let (closes, ends) = (at("2026-09-01T09:00:00Z"), at("2026-09-12T15:30:00Z"));
    for (set, until) in [(None, ends), (Some(closes), closes), (Some(ends + moment()), ends)] {
        let session = Session { changes_close: set, ..session() };
        assert_eq!(session.changes_until(), Some(until));
        assert!(session.accepts_changes_at(until - moment()));
        assert!(!session.accepts_changes_at(until));
        for publication in [Publication::Draft, called_off()] {
            let hidden = Session { publication, ..session.clone() };
            assert!(!hidden.accepts_changes_at(until - moment()));
        }
    }
}

#[test]
fn places_are_offered_on_a_published_session_only() {
    let (session, now) = (session(), at("2026-08-01T09:00:00Z"));
    let usual = Duration::hours(48);
    assert_eq!(session.offer_deadline(now, usual), Some(now + usual));
    assert_eq!(session.offer_deadline(at("2026-09-05T08:30:00Z"), usual), None);
    for publication in [Publication::Draft, called_off()] {
        let hidden = Session { publication, ..session.clone() };
        assert_eq!(hidden.offer_deadline(now, usual), None);
    }
}

#[test]
fn a_day_elsewhere_is_where_it_says_and_the_others_where_the_session_is() {
    let mut session = session();
    session.venue = Some("V001".parse().expect("a venue"));
    let (name, address) = ("Holbeck Club".to_owned(), "Leeds LS11 0XX".to_owned());
    let venue = Some("V002".parse().expect("a venue"));
    session.sittings[1].place = Some(DayPlace { venue: venue.clone(), name, address });
    let [first, second] = [0, 1].map(|at| session.sittings[at].clone());
    assert_eq!(session.venue_of(&first), session.venue.as_ref());
    assert_eq!(session.venue_of(&second), venue.as_ref());
    assert_eq!(session.location_on(&first), session.location);
    assert_eq!(session.location_on(&second).public_line(), "Holbeck Club, Leeds LS11 0XX");
}

/// The first day moves two weeks and an hour and a half, the last three weeks and as much.
fn moved() -> [Sitting; 2] {
    [
        day(1, "2026-09-19T11:00:00", "2026-09-19T18:00:00"),
        day(2, "2026-10-03T11:00:00", "2026-10-03T18:00:00"),
    ]
}

#[test]
fn a_date_moves_with_the_day_it_stands_before_and_close_to_it_keeps_its_distance() {
    for (before, after) in [
        // More than a day before the first day, it keeps its hour.
        ("2026-09-03T17:00:00Z", "2026-09-17T17:00:00Z"),
        ("2026-09-04T08:30:00Z", "2026-09-18T08:30:00Z"),
        ("2026-09-04T08:30:01Z", "2026-09-18T10:00:01Z"),
        ("2026-09-05T07:30:00Z", "2026-09-19T09:00:00Z"),
        ("2026-09-05T08:30:00Z", "2026-09-19T10:00:00Z"),
        // Once it has begun, what matters is when it ends.
        ("2026-09-10T10:00:00Z", "2026-10-01T10:00:00Z"),
        ("2026-09-12T13:30:00Z", "2026-10-03T15:00:00Z"),
    ] {
        let session = Session {
            booking_closes: Some(at(before)),
            changes_close: Some(at(before)),
            ..session()
        };
        let dates = session.dates_with(&moved(), at("2026-08-01T10:00:00Z"));
        assert_eq!(dates.booking_closes, Some(at(after)), "{before}");
        assert_eq!(dates.changes_close, Some(at(after)), "{before}");
    }
}

#[test]
fn booking_that_has_opened_stays_open_when_days_move() {
    let opens = at("2026-08-20T09:00:00Z");
    let session = Session { booking_opens: Some(opens), ..session() };
    let then = |now| session.dates_with(&moved(), now).booking_opens;
    assert_eq!(then(opens), Some(opens));
    assert_eq!(then(opens - moment()), Some(at("2026-09-03T09:00:00Z")));
}

#[test]
fn the_days_on_which_it_is_decided_move_as_many_days_as_the_first() {
    let mut session = session();
    session.aims.decide_by = "2026-08-29".parse().ok();
    session.overnight.rooms_on = "2026-08-22".parse().ok();
    let dates = session.dates_with(&moved(), at("2026-08-01T10:00:00Z"));
    assert_eq!(dates.decide_by, "2026-09-12".parse().ok());
    assert_eq!(dates.rooms_on, "2026-09-05".parse().ok());
    let same = session.dates_with(&session.sittings, at("2026-08-01T10:00:00Z"));
    assert_eq!(same, session.dates());
}
