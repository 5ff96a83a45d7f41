//! What the office changes, and what people are told of it: letters, and calendars that follow.

use chrono::Duration;
use turnout::{
    actions::{
        booking::book_places::book_places,
        sessions::{
            change_capacity::change_capacity,
            change_session::{
                ChangeSessionError, NewTimes, cancel_session, move_session, reschedule_session,
            },
        },
        waiting::decide_request::{DecideError, Decision, decide_request},
    },
    domain::{
        audit::Actor,
        contact::EmailAddress,
        course::CourseAttendance,
        id::{RegistrationId, SessionCode},
        location::Location,
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
        session::{BookingMode, Publication},
        sitting::{Sitting, instants},
        text::Paragraph,
    },
    store::attendances,
};

use crate::support::{
    TestTurnout,
    plan::{name, request},
};

const OFFICE: Actor = Actor::CommandLine;

async fn book(turnout: &TestTurnout, session: &SessionCode, who: &str) -> RegistrationId {
    let asked = request(session, who, 1, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking").registration.id
}

/// The lines of a calendar file that begin like this.
fn lines<'a>(ics: &'a str, start: &str) -> Vec<&'a str> {
    ics.lines().filter(|line| line.starts_with(start)).collect()
}

async fn more_places_are_offered_at_once_and_fewer_than_taken_refused(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 2, |_| {}).await;
    for who in ["Ada Obi", "Ben Low"] {
        book(&turnout, &session, who).await;
    }
    let waits = book(&turnout, &session, "Cy Dunn").await;
    let ctx = &turnout.ctx;
    change_capacity(ctx, &OFFICE, &session, 3, None).await.expect("a change");
    assert_eq!(turnout.states(waits).await, ["offered"]);
    let refused = change_capacity(ctx, &OFFICE, &session, 2, None).await.expect_err("too few");
    let words = "places cannot go below 3: 2 booked, 1 offered, 0 held";
    assert_eq!(refused.to_string(), words);
    assert!(change_capacity(ctx, &OFFICE, &session, 0, None).await.is_err());
    assert_eq!(turnout.session(&session).await.occupancy.capacity, 3);
}

async fn a_moved_session_moves_in_every_calendar(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout
        .plan("S1", "first", 9, |session| {
            let second = session.sittings[0].starts + Duration::days(7);
            session.sittings.push(turnout.sitting(2, second));
        })
        .await;
    book(&turnout, &session, "Ada Obi").await;
    let first = turnout.letters().await;
    let invites: Vec<String> = first
        .iter()
        .filter_map(|letter| letter.calendar.as_ref())
        .map(|ics| String::from_utf8(ics.clone()).expect("text"))
        .collect();
    assert_eq!(invites.len(), 2);

    let starts = turnout.session(&session).await.sittings[1].starts + Duration::hours(1);
    let new = NewTimes { number: 2, starts, ends: starts + Duration::hours(2) };
    let told =
        reschedule_session(&turnout.ctx, &OFFICE, &session, &[new], None).await.expect("a move");
    assert_eq!((told.people, told.leaders), (1, 1));
    let letters = turnout.letters().await;
    assert_eq!(
        letters.len(),
        1,
        "one to a leader who comes, with the invite of the day that moved"
    );
    let update = letters.iter().find_map(|letter| letter.calendar.clone()).expect("an invite");
    let update = String::from_utf8(update).expect("text");
    assert_eq!(lines(&update, "UID"), lines(&invites[1], "UID"), "the same event");
    assert_eq!(lines(&update, "SEQUENCE"), ["SEQUENCE:1"]);
    assert_eq!(lines(&update, "METHOD"), ["METHOD:REQUEST"]);
    assert_eq!(lines(&update, "DTSTART;"), ["DTSTART;TZID=Europe/London:20270206T110000"]);
    assert!(letters.iter().any(|letter| letter.text.contains("now Sat 6 February 2027, 11am")));

    let hall = Location::Venue { name: "Town Hall".to_owned(), address: "1 High St".to_owned() };
    move_session(&turnout.ctx, &OFFICE, &session, hall.clone(), None).await.expect("a move");
    let letters = turnout.letters().await;
    let moved: Vec<String> = letters
        .iter()
        .filter_map(|letter| letter.calendar.clone())
        .map(|ics| String::from_utf8(ics).expect("text"))
        .collect();
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|ics| ics.contains("LOCATION:Town Hall\\, 1 High St")));
    assert_eq!(lines(&moved[1], "SEQUENCE"), ["SEQUENCE:2"]);
    let again = move_session(&turnout.ctx, &OFFICE, &session, hall, None).await;
    assert!(matches!(again, Err(ChangeSessionError::NothingChanged)));
    assert!(turnout.letters().await.is_empty());

    let past = NewTimes { number: 1, starts: starts - Duration::days(90), ends: starts };
    let refused = reschedule_session(&turnout.ctx, &OFFICE, &session, &[past], None).await;
    let refused = refused.expect_err("in the past").to_string();
    assert_eq!(refused, "day 1: it is in the past");
    let gone = "2027-03-28T01:30:00".parse().expect("a time the clocks skip");
    let skipped = NewTimes { number: 1, starts: gone, ends: gone + Duration::hours(2) };
    let refused = reschedule_session(&turnout.ctx, &OFFICE, &session, &[skipped], None).await;
    assert!(refused.expect_err("no such time").to_string().contains("does not exist"));
}

async fn a_day_that_moves_is_told_in_the_zone_of_its_session(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout
        .plan("S1", "first", 9, |session| {
            let starts = session.sittings[0].starts + Duration::days(7);
            let ends = starts + Duration::hours(2);
            let zone = chrono_tz::Europe::Paris;
            let (starts_at, ends_at) = instants(starts, ends, zone).expect("a time");
            let day = turnout.sitting(2, starts);
            session.sittings.push(Sitting { ends, zone, starts_at, ends_at, ..day });
        })
        .await;
    let starts = turnout.session(&session).await.sittings[1].starts + Duration::hours(1);
    let new = NewTimes { number: 2, starts, ends: starts + Duration::hours(2) };
    reschedule_session(&turnout.ctx, &OFFICE, &session, &[new], None).await.expect("a move");
    let day = turnout.session(&session).await.sittings[1].clone();
    assert_eq!(day.zone, chrono_tz::Europe::London);
    assert_eq!(day.starts_at, starts.and_utc(), "in winter, London's time is UTC");
}

async fn a_request_cannot_be_granted_once_the_session_is_over(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session =
        turnout.plan("S1", "first", 2, |session| session.mode = BookingMode::Approval).await;
    let asked = book(&turnout, &session, "Ada Obi").await;
    turnout.clock.advance(Duration::days(29));
    let late = decide_request(&turnout.ctx, &OFFICE, asked, Decision::Approve).await;
    assert!(matches!(late, Err(DecideError::TooLate)), "{late:?}");
    assert_eq!(turnout.states(asked).await, ["requested"]);
}

async fn a_cancelled_session_ends_every_place_and_leaves_every_calendar(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let comes = book(&turnout, &session, "Ada Obi").await;
    let waits = book(&turnout, &session, "Ben Low").await;
    turnout.letters().await;
    let reason = Paragraph::parse_optional("The hall flooded.").expect("words");
    let ctx = &turnout.ctx;
    let told =
        cancel_session(ctx, &OFFICE, &session, reason.as_ref(), None).await.expect("a cancel");
    assert_eq!((told.people, told.leaders), (1, 2));
    assert_eq!(turnout.states(comes).await, ["cancelled"]);
    assert_eq!(turnout.states(waits).await, ["cancelled"], "and nothing was offered");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2, "two leaders, one with the calendar of her place");
    assert!(letters.iter().all(|letter| letter.text.contains("The hall flooded.")));
    let cancel = letters.iter().find_map(|letter| letter.calendar.clone()).expect("a CANCEL");
    let cancel = String::from_utf8(cancel).expect("text");
    assert_eq!(lines(&cancel, "METHOD"), ["METHOD:CANCEL"]);
    assert_eq!(lines(&cancel, "STATUS"), ["STATUS:CANCELLED"]);
    assert_eq!(lines(&cancel, "SEQUENCE"), ["SEQUENCE:1"]);
    let is_off = |publication: &Publication| matches!(publication, Publication::Cancelled { .. });
    assert!(is_off(&turnout.session(&session).await.publication));
    let twice = cancel_session(ctx, &OFFICE, &session, None, None).await;
    assert!(matches!(twice, Err(ChangeSessionError::TooLate)));
}

async fn a_request_is_decided_with_capacity_respected(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session =
        turnout.plan("S1", "first", 2, |session| session.mode = BookingMode::Approval).await;
    let ctx = &turnout.ctx;
    let ask = |who: &str, places, team| {
        let asked = request(&session, who, places, team);
        async move { book_places(ctx, &Actor::Api, asked).await.expect("a request").registration.id }
    };
    let one = ask("Ada Obi", 1, Together).await;
    let three = ask("Ben Low", 3, AsManyAsPossible).await;
    let pair = ask("Cy Dunn", 2, Together).await;
    let other = ask("Di Eze", 1, Together).await;
    assert_eq!(turnout.session(&session).await.occupancy.occupied, 0, "requests hold nothing");
    turnout.letters().await;

    let decided = decide_request(ctx, &OFFICE, one, Decision::Approve).await.expect("an answer");
    assert_eq!((decided.confirmed, decided.waiting), (1, 0));
    decide_request(ctx, &OFFICE, three, Decision::Approve).await.expect("an answer");
    assert_eq!(turnout.states(three).await, ["confirmed", "waiting", "waiting"]);
    decide_request(ctx, &OFFICE, pair, Decision::Wait).await.expect("an answer");
    assert_eq!(turnout.states(pair).await, ["waiting", "waiting"]);
    let reason = Paragraph::parse_optional("This one is for trustees.").expect("words");
    let refuse = Decision::Refuse { reason };
    decide_request(ctx, &OFFICE, other, refuse.clone()).await.expect("an answer");
    assert_eq!(turnout.states(other).await, ["refused"]);
    let again = decide_request(ctx, &OFFICE, other, refuse).await;
    assert!(matches!(again, Err(DecideError::NothingAsked)));

    let letters = turnout.letters().await;
    let told = |who: &str, words: &str| {
        let to = |letter: &&turnout::mail::reading::ReadLetter| letter.to.contains(who);
        let mine: Vec<_> = letters.iter().filter(to).collect();
        assert!(mine.iter().any(|letter| letter.text.contains(words)), "{who} {words}");
    };
    told("ada.obi", "YOU'RE BOOKED");
    told("ben.low", "2 people are on the waiting list");
    told("cy.dunn", "You're number 2");
    told("di.eze", "This one is for trustees.");
}

async fn somebody_who_lacks_a_course_asks_and_somebody_who_did_it_books(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "second", 9, |_| {}).await;
    let email: EmailAddress = "ada.obi@example.org".parse().expect("an address");
    let did = CourseAttendance {
        course: "first".parse().expect("a slug"),
        name: name("Ada Obi"),
        email,
        attended_on: "2025-06-01".parse().expect("a day"),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for expected in [true, false] {
        let id = turnout::token::secret_uuid(&turnout::token::SystemRandom);
        let is_new = attendances::insert(&mut tx, id, &did, "import").await.expect("a line");
        assert_eq!(is_new, expected);
    }
    tx.commit().await.expect("a commit");
    let ada = book(&turnout, &session, "Ada Obi").await;
    assert_eq!(turnout.states(ada).await, ["confirmed"]);
    let mut team = request(&session, "Ada Obi", 2, Together);
    team.attendees[1] = Some(crate::support::plan::attendee("Ben Low"));
    let ctx = &turnout.ctx;
    let silent = book_places(ctx, &Actor::Api, team.clone()).await;
    assert!(silent.is_err(), "nothing was said for Ben");
    team.nomination = Paragraph::parse_optional("Ben led an action in 2019.").expect("words");
    let made = book_places(ctx, &Actor::Api, team).await.expect("a booking");
    assert_eq!(turnout.states(made.registration.id).await, ["confirmed", "requested"]);
    let id = made.registration.id;
    decide_request(ctx, &OFFICE, id, Decision::Approve).await.expect("an answer");
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"]);
}

on_both_databases!(
    more_places_are_offered_at_once_and_fewer_than_taken_refused,
    a_moved_session_moves_in_every_calendar,
    a_day_that_moves_is_told_in_the_zone_of_its_session,
    a_cancelled_session_ends_every_place_and_leaves_every_calendar,
    a_request_cannot_be_granted_once_the_session_is_over,
    a_request_is_decided_with_capacity_respected,
    somebody_who_lacks_a_course_asks_and_somebody_who_did_it_books,
);
