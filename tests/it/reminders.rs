//! Reminders: who gets one, when, and that each gets it once.

use chrono::Duration;
use turnout::{
    actions::{
        booking::book_places::book_places,
        letters::remind::remind,
        sessions::change_session::{NewTimes, cancel_session, reschedule_session},
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
    a_new_date_is_reminded_of_anew,
    a_reminder_says_how_near_the_day_is_when_it_leaves,
    whoever_was_just_told_of_a_new_time_gets_no_reminder_of_it,
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
    assert_eq!(reminded(&turnout).await, 2);
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
    assert_eq!(reminded(&turnout).await, 2, "of the second day");
    turnout.clock.advance(Duration::days(4));
    assert_eq!(reminded(&turnout).await, 2, "tomorrow");
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
    cancel_session(&turnout.ctx, &Actor::CommandLine, &off, None, None)
        .await
        .expect("a cancellation");
    turnout.clock.advance(Duration::hours(13));
    assert_eq!(reminded(&turnout).await, 0, "booked yesterday; called off");
    turnout.clock.advance(Duration::days(3));
    assert_eq!(reminded(&turnout).await, 0, "the moment has passed");
    turnout.clock.advance(Duration::days(3));
    assert_eq!(reminded(&turnout).await, 2, "a day before");
}

async fn two_nodes_remind_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 30, |_| {}).await;
    for _ in 0..5 {
        book(&turnout, &session).await;
    }
    turnout.clock.advance(Duration::days(21));
    let (one, two) = tokio::join!(reminded(&turnout), reminded(&turnout));
    assert_eq!(one + two, 10);
    let reminders = turnout.subjects().await;
    let reminders = reminders.iter().filter(|subject| subject.contains("In 7 days"));
    assert_eq!(reminders.count(), 10);
}

/// Moves the one day of a session to start so long from now, in its own zone.
async fn move_to(turnout: &TestTurnout, session: &SessionCode, ahead: Duration) {
    let zone = turnout.session(session).await.zone();
    let starts = (turnout.ctx.now() + ahead).with_timezone(&zone).naive_local();
    let times = [NewTimes { number: 1, starts, ends: starts + Duration::hours(2) }];
    let actor = Actor::CommandLine;
    reschedule_session(&turnout.ctx, &actor, session, &times, None).await.expect("new times");
    turnout.letters().await;
}

async fn a_new_date_is_reminded_of_anew(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &session).await;
    turnout.clock.advance(Duration::days(21));
    assert_eq!(reminded(&turnout).await, 2, "a week before the first date");
    // Three months later instead, and then back by some weeks.
    move_to(&turnout, &session, Duration::days(97)).await;
    move_to(&turnout, &session, Duration::days(60)).await;
    turnout.clock.advance(Duration::days(53));
    assert_eq!(reminded(&turnout).await, 2, "a week before the new date");
    assert_eq!(reminded(&turnout).await, 0, "once");
    turnout.clock.advance(Duration::days(6));
    assert_eq!(reminded(&turnout).await, 2, "a day before it");
    assert!(turnout.subjects().await.iter().any(|one| one.contains("Tomorrow: Course first")));
}

async fn a_reminder_says_how_near_the_day_is_when_it_leaves(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &session).await;
    turnout.letters().await;
    // The mail server is away over night: what was written as tomorrow's leaves on the day.
    turnout.clock.advance(Duration::days(27));
    assert_eq!(reminded(&turnout).await, 2);
    turnout.clock.advance(Duration::hours(15));
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert!(letter.subject.starts_with("Today: Course first, Sat 30"), "{}", letter.subject);
        for words in [&letter.text, &letter.html] {
            let words = words.to_lowercase();
            assert!(words.contains("see you today") && !words.contains("tomorrow"), "{words}");
        }
    }
    // It is away for so long that the day begins: nobody is reminded of what is over.
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    move_to(&turnout, &other, Duration::days(9)).await;
    book(&turnout, &other).await;
    turnout.letters().await;
    turnout.clock.advance(Duration::days(8));
    assert_eq!(reminded(&turnout).await, 2);
    turnout.clock.advance(Duration::days(1));
    assert_eq!(turnout.subjects().await, Vec::<String>::new());
}

async fn whoever_was_just_told_of_a_new_time_gets_no_reminder_of_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &session).await;
    turnout.clock.advance(Duration::days(3));
    move_to(&turnout, &session, Duration::hours(3)).await;
    assert_eq!(reminded(&turnout).await, 0, "she was told a minute ago");
    // Told long before the day, she is reminded of it as anybody is.
    move_to(&turnout, &session, Duration::days(5)).await;
    turnout.clock.advance(Duration::days(4));
    assert_eq!(reminded(&turnout).await, 2);
}
