//! One person gets one letter for one change, and changes that follow each other are one (T3).

use chrono::{Duration, NaiveDateTime};
use turnout::{
    actions::{
        booking::{
            book_places::{Booked, book_places},
            cancel_places::{Which, cancel_places},
        },
        letters::remind::remind,
        sessions::{
            announce::tell_gathered,
            change_session::{NewTimes, cancel_session, move_session, reschedule_session},
        },
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        location::Location,
        occupancy::TeamPolicy::Together,
        session::{Session, Trainer},
        staff::Role,
    },
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, request},
};

const OFFICE: Actor = Actor::CommandLine;

on_both_databases!(
    changes_within_two_minutes_are_one_letter,
    what_is_as_it_was_is_told_to_nobody,
    a_session_called_off_after_a_change_is_told_once,
    what_was_told_meanwhile_is_not_told_again,
    whoever_gives_up_her_place_hears_of_that_alone,
    nothing_waits_when_people_may_be_on_their_way,
    other_letters_overtake_one_that_waits,
    the_office_sees_when_letters_leave_and_reads_them_after,
    a_leader_who_comes_herself_gets_one_letter,
);

/// With letters that wait for two minutes.
async fn patient(turnout: TestTurnout) -> TestTurnout {
    let mut turnout = turnout.season().await;
    turnout.ctx.gather = Duration::minutes(2);
    turnout
}

/// Ada leads and comes; Ben has an address as well.
async fn book(turnout: &TestTurnout, code: &SessionCode) -> Booked {
    let mut team = request(code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    booked
}

fn mill() -> Location {
    Location::Venue { name: "The Mill".to_owned(), address: "1 Mill Lane".to_owned() }
}

async fn to(turnout: &TestTurnout, code: &SessionCode, starts: NaiveDateTime) {
    let times = [NewTimes { number: 1, starts, ends: starts + Duration::hours(2) }];
    reschedule_session(&turnout.ctx, &OFFICE, code, &times, None).await.expect("new times");
}

async fn starts(turnout: &TestTurnout, code: &SessionCode) -> NaiveDateTime {
    turnout.session(code).await.sittings[0].starts
}

fn calendar(letter: &ReadLetter) -> String {
    letter.calendar.clone().map_or_else(String::new, |ics| String::from_utf8(ics).expect("text"))
}

/// A property of a letter's calendar.
fn line(letter: &ReadLetter, start: &str) -> String {
    let ics = calendar(letter);
    ics.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned()
}

/// The one letter to somebody.
fn only<'l>(letters: &'l [ReadLetter], who: &str) -> &'l ReadLetter {
    let hers: Vec<_> = letters.iter().filter(|one| one.to.contains(who)).collect();
    let subjects: Vec<_> = letters.iter().map(|one| (&one.to, &one.subject)).collect();
    assert_eq!(hers.len(), 1, "{who}: {subjects:?}");
    hers[0]
}

/// What leaves now.
async fn leaving(turnout: &TestTurnout) -> Vec<ReadLetter> {
    tell_gathered(&turnout.ctx).await.expect("a look");
    turnout.letters().await
}

async fn nothing(turnout: &TestTurnout) {
    let left: Vec<_> = leaving(turnout).await.into_iter().map(|one| one.subject).collect();
    assert_eq!(left, Vec::<String>::new());
}

async fn changes_within_two_minutes_are_one_letter(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let lead = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let led = |session: &mut Session| {
        session.trainers = vec![Trainer { login: lead.clone(), name: "amina".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 9, led).await;
    book(&turnout, &code).await;
    let first = starts(&turnout, &code).await;
    to(&turnout, &code, first + Duration::days(7)).await;
    turnout.clock.advance(Duration::minutes(1));
    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    to(&turnout, &code, first + Duration::days(14)).await;
    turnout.clock.advance(Duration::seconds(59));
    nothing(&turnout).await;
    turnout.is_sound().await;
    turnout.clock.advance(Duration::seconds(1));
    let letters = leaving(&turnout).await;
    assert_eq!(letters.len(), 3, "a leader who comes herself gets one, and the trainer");
    for who in ["ada.obi", "ben.low", "amina"] {
        let letter = only(&letters, who);
        assert!(letter.subject.starts_with("Changed: Course first"), "{}", letter.subject);
        for words in [
            "When: was Sat 30 January 2027, 10am to noon; now Sat 13 February 2027, 10am to noon",
            "Where: was St Aidan's Hall, 41 Copeland Lane; now The Mill, 1 Mill Lane",
        ] {
            assert_eq!(letter.text.matches(words).count(), 1, "{words} in {}", letter.text);
        }
        assert!(!letter.text.contains("6 February"), "what was never told: {}", letter.text);
    }
    for who in ["ada.obi", "ben.low"] {
        let letter = only(&letters, who);
        assert_eq!(line(letter, "METHOD"), "METHOD:REQUEST");
        assert_eq!(line(letter, "SEQUENCE"), "SEQUENCE:1");
        assert!(line(letter, "DTSTART;TZID").ends_with("20270213T100000"), "{}", calendar(letter));
    }
    turnout.clock.advance(Duration::minutes(5));
    nothing(&turnout).await;
    turnout.is_sound().await;
}

async fn what_is_as_it_was_is_told_to_nobody(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    let first = starts(&turnout, &code).await;
    to(&turnout, &code, first + Duration::days(7)).await;
    turnout.clock.advance(Duration::minutes(1));
    to(&turnout, &code, first).await;
    turnout.is_sound().await;
    turnout.clock.advance(Duration::minutes(5));
    nothing(&turnout).await;
    // The next change is the first that calendars hear of.
    to(&turnout, &code, first + Duration::days(21)).await;
    turnout.clock.advance(Duration::minutes(2));
    let letters = leaving(&turnout).await;
    assert_eq!(line(only(&letters, "ben.low"), "SEQUENCE"), "SEQUENCE:1");
    turnout.is_sound().await;
}

async fn a_session_called_off_after_a_change_is_told_once(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    turnout.clock.advance(Duration::minutes(1));
    cancel_session(&turnout.ctx, &OFFICE, &code, None, None).await.expect("a cancellation");
    nothing(&turnout).await;
    turnout.clock.advance(Duration::minutes(1));
    let letters = leaving(&turnout).await;
    assert_eq!(letters.len(), 2);
    for who in ["ada.obi", "ben.low"] {
        let letter = only(&letters, who);
        assert!(letter.subject.contains("ancelled"), "{}", letter.subject);
        assert_eq!(line(letter, "METHOD"), "METHOD:CANCEL");
        assert_eq!(line(letter, "SEQUENCE"), "SEQUENCE:1");
    }
    turnout.is_sound().await;
}

async fn what_was_told_meanwhile_is_not_told_again(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    let first = starts(&turnout, &code).await;
    to(&turnout, &code, first + Duration::days(7)).await;
    turnout.clock.advance(Duration::minutes(2));
    assert_eq!(leaving(&turnout).await.len(), 2);
    to(&turnout, &code, first + Duration::days(14)).await;
    turnout.clock.advance(Duration::minutes(2));
    let letters = leaving(&turnout).await;
    let letter = only(&letters, "ben.low");
    assert!(letter.text.contains("was Sat 6 February 2027"), "{}", letter.text);
    assert_eq!(line(letter, "SEQUENCE"), "SEQUENCE:2");
    turnout.is_sound().await;
}

async fn whoever_gives_up_her_place_hears_of_that_alone(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book(&turnout, &code).await.registration;
    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    let which = Which::One(booked.places[1].id);
    cancel_places(&turnout.ctx, &Actor::Attendee, booked.id, which, None).await.expect("an end");
    turnout.clock.advance(Duration::minutes(2));
    let letters = leaving(&turnout).await;
    let letter = only(&letters, "ben.low");
    assert!(letter.subject.starts_with("You gave up your place"), "{}", letter.subject);
    assert_eq!(line(letter, "METHOD"), "METHOD:CANCEL");
    assert!(letters.iter().any(|one| {
        one.to.contains("ada.obi") && one.subject.starts_with("Changed: Course first")
    }));
    turnout.is_sound().await;
}

async fn nothing_waits_when_people_may_be_on_their_way(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    let first = starts(&turnout, &code).await;
    turnout.clock.advance(Duration::days(28) - Duration::minutes(90));
    // Away from a moment that is near, and into the middle of next month.
    to(&turnout, &code, first + Duration::days(30)).await;
    assert_eq!(leaving(&turnout).await.len(), 2);
    turnout.is_sound().await;
}

async fn other_letters_overtake_one_that_waits(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    let again = request(&other, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, again).await.expect("a booking");
    let letters = leaving(&turnout).await;
    assert!(only(&letters, "ada.obi").subject.starts_with("You're booked"));
    turnout.clock.advance(Duration::minutes(2));
    assert_eq!(leaving(&turnout).await.len(), 2);
}

async fn the_office_sees_when_letters_leave_and_reads_them_after(turnout: TestTurnout) {
    let turnout = patient(turnout).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code).await;
    let login = turnout.account("keeper", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    let session = page(&browser, "/office/sessions/S1").await;
    assert!(session.contains("Letters about the change leave at 10.02am on Saturday 2 January"));
    let list = page(&browser, "/office/letters?progress=queued").await;
    assert!(list.contains("now The Mill, 1 Mill Lane"), "{list}");
    assert!(list.contains("Everybody is written to at 10.02am on Saturday 2 January"), "{list}");
    // What will be written can be read before, as it will be, and nothing is written for the look.
    let (_, rest) = list.split_once("<a\n      href=\"/office/letters/to-come/").expect("a link");
    let (news, _) = rest.split_once('"').expect("a link");
    let to_come = page(&browser, &format!("/office/letters/to-come/{news}")).await;
    for words in [
        "They leave at 10.02am on Saturday 2 January",
        "To Ada Obi, ada.obi@example.org: Changed: Course first",
        "To Ben Low, ben.low@example.org: Changed: Course first",
        "now The Mill, 1 Mill Lane",
    ] {
        assert!(to_come.contains(words), "{words} in {to_come}");
    }
    assert!(to_come.contains("/…"), "{to_come}");
    assert!(!page(&browser, "/office/letters?progress=queued").await.contains("Changed: Course"));
    turnout.clock.advance(Duration::minutes(2));
    assert!(!leaving(&turnout).await.is_empty());
    let gone = browser.get(format!("/office/letters/to-come/{news}")).dispatch().await;
    assert_eq!(gone.status(), rocket::http::Status::SeeOther);
    let list = page(&browser, "/office/letters?progress=sent").await;
    let (_, rest) = list.split_once("<a href=\"/office/letters/").expect("a letter");
    let (id, _) = rest.split_once('"').expect("a link");
    let letter = page(&browser, &format!("/office/letters/{id}")).await;
    assert!(letter.contains("Sent Sat 2 Jan 2027, 10.02am."), "{letter}");
    assert!(letter.contains("now The Mill, 1 Mill Lane") && letter.contains("/…"), "{letter}");
    assert!(!page(&browser, "/office/sessions/S1").await.contains("Letters about the change"));
}

async fn a_leader_who_comes_herself_gets_one_letter(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let alone = request(&code, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, alone).await.expect("a booking");
    let letters = leaving(&turnout).await;
    let letter = only(&letters, "ada.obi");
    assert!(letter.subject.starts_with("You're booked"), "{}", letter.subject);
    assert_eq!(line(letter, "METHOD"), "METHOD:REQUEST");
    assert!(letter.text.contains("This email carries your own invite"), "{}", letter.text);
    assert!(letter.text.contains("/r/"), "her link to the booking: {}", letter.text);

    move_session(&turnout.ctx, &OFFICE, &code, mill(), None).await.expect("a move");
    let letters = leaving(&turnout).await;
    assert_eq!(line(only(&letters, "ada.obi"), "SEQUENCE"), "SEQUENCE:1");

    turnout.clock.advance(Duration::days(27));
    assert_eq!(remind(&turnout.ctx).await.expect("a round"), 1);
    leaving(&turnout).await;

    let id = booked.registration.id;
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("an end");
    let letters = leaving(&turnout).await;
    let letter = only(&letters, "ada.obi");
    assert_eq!(line(letter, "METHOD"), "METHOD:CANCEL");
    assert!(letter.text.contains("takes your own day out of your calendar"), "{}", letter.text);
    turnout.is_sound().await;

    // On two days each has an event of its own, and a letter can carry one.
    let two = |session: &mut Session| {
        let next = session.sittings[0].starts + Duration::days(2);
        session.sittings.push(turnout.sitting(2, next));
    };
    let code = turnout.plan("S2", "first", 9, two).await;
    let alone = request(&code, "Cy Dunn", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, alone).await.expect("a booking");
    let letters = leaving(&turnout).await;
    assert_eq!(letters.iter().filter(|one| one.calendar.is_some()).count(), 2);
    assert_eq!(letters.len(), 2);
    turnout.is_sound().await;
}
