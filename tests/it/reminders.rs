//! Reminders: who gets one, when, and that each gets it once.

use chrono::Duration;
use turnout::{
    actions::{
        booking::book_places::book_places, letters::remind::remind,
        sessions::change_session::cancel_session,
    },
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together},
};

use crate::support::{
    TestTurnout,
    plan::{attendee, request},
};

on_both_databases!(
    everybody_is_reminded_a_week_and_a_day_before_once,
    whoever_just_booked_and_what_is_called_off_gets_no_reminder,
    two_nodes_remind_once,
);

/// Ada leads; Ben has an address, and one name is to follow.
async fn book(turnout: &TestTurnout, session: &SessionCode) {
    let mut asked = request(session, "Ada Obi", 3, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    asked.attendees[2] = None;
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
}

async fn reminded(turnout: &TestTurnout) -> usize {
    remind(&turnout.ctx).await.expect("a round")
}

async fn everybody_is_reminded_a_week_and_a_day_before_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let days = |session: &mut turnout::domain::session::Session| {
        let next = session.sittings[0].starts + Duration::days(2);
        session.sittings.push(turnout.sitting(2, next));
        session.access = vec!["step-free".to_owned()];
    };
    let session = turnout.plan("S1", "first", 9, days).await;
    book(&turnout, &session).await;
    turnout.letters().await;
    // The first day is in four weeks.
    turnout.clock.advance(Duration::days(21) - Duration::minutes(1));
    assert_eq!(reminded(&turnout).await, 0, "a minute early");
    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(reminded(&turnout).await, 3);
    assert_eq!(reminded(&turnout).await, 0, "once");
    let letters = turnout.letters().await;
    let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert!(
        subjects.iter().all(|one| *one == "In 7 days: Course first, Sat 30 January 2027"),
        "{subjects:?}"
    );
    let to_ben = letters.iter().find(|one| one.to.contains("ben.low")).expect("a letter");
    for words in ["10am to noon (London time)", "step-free", "/p/", "Day 1 of 2"] {
        assert!(to_ben.text.contains(words), "{words} in {}", to_ben.text);
    }
    let passed_on = letters.iter().find(|one| one.text.contains("Name to follow"));
    let passed_on = passed_on.expect("a letter to the leader");
    assert!(passed_on.to.contains("ada.obi") && passed_on.text.contains("/r/"));
    assert!(!passed_on.text.contains("Ben"), "who has an address is told herself");

    turnout.clock.advance(Duration::days(2));
    assert_eq!(reminded(&turnout).await, 3, "of the second day");
    turnout.clock.advance(Duration::days(4));
    assert_eq!(reminded(&turnout).await, 3, "tomorrow");
    let letters = turnout.letters().await;
    assert!(letters.iter().any(|one| one.subject.starts_with("Tomorrow: Course first")));
    turnout.clock.advance(Duration::days(1) + Duration::minutes(1));
    assert_eq!(reminded(&turnout).await, 0, "it has begun");
}

async fn whoever_just_booked_and_what_is_called_off_gets_no_reminder(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let off = turnout.plan("S2", "first", 9, |_| {}).await;
    book(&turnout, &off).await;
    turnout.clock.advance(Duration::days(20) + Duration::hours(12));
    book(&turnout, &session).await;
    cancel_session(&turnout.ctx, &Actor::CommandLine, &off, None).await.expect("a cancellation");
    turnout.clock.advance(Duration::hours(13));
    assert_eq!(reminded(&turnout).await, 0, "booked yesterday; called off");
    turnout.clock.advance(Duration::days(3));
    assert_eq!(reminded(&turnout).await, 0, "the moment has passed");
    turnout.clock.advance(Duration::days(3));
    assert_eq!(reminded(&turnout).await, 3, "a day before");
}

async fn two_nodes_remind_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 30, |_| {}).await;
    for _ in 0..5 {
        book(&turnout, &session).await;
    }
    turnout.clock.advance(Duration::days(21));
    let (one, two) = tokio::join!(reminded(&turnout), reminded(&turnout));
    assert_eq!(one + two, 15);
    let reminders = turnout.subjects().await;
    let reminders = reminders.iter().filter(|subject| subject.contains("In 7 days"));
    assert_eq!(reminders.count(), 15);
}
