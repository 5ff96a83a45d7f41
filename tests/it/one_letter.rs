//! A leader who comes herself hears of each thing in one letter: what she is told as a leader, with what her
//! own calendar is told (T3). A second letter is there only for a second event, since a letter carries one.

use chrono::Duration;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
            change_attendee::{AttendeeChange, Intent, change_attendee},
        },
        sessions::{
            announce::tell_gathered,
            change_session::{NewTimes, cancel_session, move_session, reschedule_session},
            edit_session::edit_session,
            remove_day::remove_day,
        },
        waiting::answer_offer::accept_offer,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::{PlaceId, RegistrationId, SessionCode},
        location::Location,
        occupancy::TeamPolicy::Together,
        plan::SessionPlan,
    },
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    plan::{attendee, name, request},
};

on_both_databases!(
    whatever_a_leader_does_to_her_own_place_is_one_letter,
    whatever_the_office_does_is_one_letter_for_each_event,
    a_gathered_letter_says_nothing_that_is_not_so_any_more,
);

const OFFICE: Actor = Actor::CommandLine;
const ADA: &str = "ada.obi@example.org";

/// What somebody gets: the method of each letter's calendar, or `-`.
fn methods(letters: &[ReadLetter], who: &str) -> Vec<String> {
    let hers = letters.iter().filter(|letter| letter.to.contains(who));
    let method = |letter: &ReadLetter| {
        let ics = letter.calendar.clone().map(|ics| String::from_utf8(ics).expect("text"));
        let ics = ics.unwrap_or_default();
        let line = ics.lines().find_map(|line| line.strip_prefix("METHOD:").map(str::to_owned));
        line.unwrap_or_else(|| "-".to_owned())
    };
    hers.map(method).collect()
}

async fn place(turnout: &TestTurnout, booking: RegistrationId, number: u32) -> PlaceId {
    let booking = turnout.registration(booking).await;
    booking.places.iter().find(|place| place.number == number).expect("a place").id
}

async fn write(
    turnout: &TestTurnout,
    booking: RegistrationId,
    number: u32,
    (who, intent): (Attendee, Intent),
) {
    let change = AttendeeChange { intent, ..AttendeeChange::from(who) };
    let place = place(turnout, booking, number).await;
    change_attendee(&turnout.ctx, &Actor::Leader, booking, place, change).await.expect("a change");
}

async fn whatever_a_leader_does_to_her_own_place_is_one_letter(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 2, Together));
    let id = booked.await.expect("a booking").registration.id;
    assert_eq!(methods(&turnout.letters().await, ADA), ["REQUEST"], "booked");

    let better = Attendee { name: name("Ada Obi-Smith"), ..attendee("Ada Obi") };
    write(&turnout, id, 1, (better, Intent::Correct { sure: true })).await;
    assert_eq!(methods(&turnout.letters().await, ADA), ["REQUEST"], "corrected");

    write(&turnout, id, 2, (attendee("Ben Low"), Intent::Unsaid)).await;
    let letters = turnout.letters().await;
    assert_eq!(methods(&letters, ADA), ["-"], "named somebody");
    assert_eq!(methods(&letters, "ben.low"), ["REQUEST"]);

    write(&turnout, id, 1, (attendee("Cy Dunn"), Intent::Swap)).await;
    let letters = turnout.letters().await;
    assert_eq!(methods(&letters, ADA), ["CANCEL"], "somebody comes in her stead");
    assert_eq!(methods(&letters, "cy.dunn"), ["REQUEST"]);
    let hers = letters.iter().find(|letter| letter.to.contains(ADA)).expect("a letter");
    assert!(hers.text.contains("Cy Dunn"), "{}", hers.text);
    assert!(hers.text.contains("takes your own day out of your calendar"), "{}", hers.text);

    write(&turnout, id, 2, (attendee("Ada Obi"), Intent::Swap)).await;
    let letters = turnout.letters().await;
    assert_eq!(methods(&letters, ADA), ["REQUEST"], "she comes in somebody's stead");
    assert_eq!(methods(&letters, "ben.low"), ["CANCEL"]);

    let which = Which::One(place(&turnout, id, 2).await);
    cancel_places(&turnout.ctx, &Actor::Leader, id, which, None).await.expect("an end");
    assert_eq!(methods(&turnout.letters().await, ADA), ["CANCEL"], "her own place given up");
    turnout.is_sound().await;

    // A place that came free is hers once she takes it.
    let full = turnout.plan("S2", "first", 1, |_| {}).await;
    let first = book_places(&turnout.ctx, &Actor::Api, request(&full, "Ben Low", 1, Together));
    let first = first.await.expect("a booking").registration.id;
    let hers = book_places(&turnout.ctx, &Actor::Api, request(&full, "Ada Obi", 1, Together));
    let hers = hers.await.expect("a wait").registration.id;
    assert_eq!(methods(&turnout.letters().await, ADA), ["-"], "she waits");
    cancel_places(&turnout.ctx, &Actor::Leader, first, Which::All, None).await.expect("an end");
    assert_eq!(methods(&turnout.letters().await, ADA), ["-"], "offered");
    accept_offer(&turnout.ctx, &Actor::Leader, hers, None).await.expect("a yes");
    assert_eq!(methods(&turnout.letters().await, ADA), ["REQUEST"], "taken");
    turnout.is_sound().await;
}

async fn times(turnout: &TestTurnout, code: &SessionCode, number: u32, days: i64) {
    let starts = turnout.session(code).await.sittings[0].starts + Duration::days(days);
    let times = [NewTimes { number, starts, ends: starts + Duration::hours(2) }];
    reschedule_session(&turnout.ctx, &OFFICE, code, &times, None).await.expect("times");
}

async fn whatever_the_office_does_is_one_letter_for_each_event(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together));
    booked.await.expect("a booking");
    turnout.letters().await;

    times(&turnout, &code, 1, 1).await;
    assert_eq!(methods(&turnout.letters().await, ADA), ["REQUEST"], "moved");
    let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    move_session(&turnout.ctx, &OFFICE, &code, mill, None).await.expect("a move");
    assert_eq!(methods(&turnout.letters().await, ADA), ["REQUEST"], "moved elsewhere");

    // The first day is called day 1 of 2 now, and the second is new: two events.
    times(&turnout, &code, 2, 7).await;
    let letters = turnout.letters().await;
    assert_eq!(methods(&letters, ADA), ["REQUEST", "REQUEST"], "a day more");
    let as_leader = letters.iter().filter(|one| one.text.contains("/r/")).count();
    assert_eq!(as_leader, 1, "what she is told as a leader is in one of them");
    let second = turnout.session(&code).await.sittings[1].id;
    remove_day(&turnout.ctx, &OFFICE, &code, second).await.expect("a day less");
    let mut told = methods(&turnout.letters().await, ADA);
    told.sort();
    assert_eq!(told, ["CANCEL", "REQUEST"], "a day less");
    cancel_session(&turnout.ctx, &OFFICE, &code, None, None).await.expect("called off");
    assert_eq!(methods(&turnout.letters().await, ADA), ["CANCEL"], "called off");
    turnout.is_sound().await;
}

async fn note(turnout: &TestTurnout, code: &SessionCode, note: &str) {
    let mut details = SessionPlan::of(&turnout.session(code).await).details;
    details.note = Some(note.to_owned());
    edit_session(&turnout.ctx, &OFFICE, code, &details, None).await.expect("an edit");
}

async fn a_gathered_letter_says_nothing_that_is_not_so_any_more(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.gather = Duration::minutes(2);
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    let to = |name: &str| Location::Venue { name: name.to_owned(), address: String::new() };
    note(&turnout, &code, "Bring pens\n\nand paper").await;
    move_session(&turnout.ctx, &OFFICE, &code, to("The Mill"), None).await.expect("a move");
    note(&turnout, &code, "Bring pencils").await;
    times(&turnout, &code, 2, 7).await;
    move_session(&turnout.ctx, &OFFICE, &code, to("The Barn"), None).await.expect("a move");
    let second = turnout.session(&code).await.sittings[1].id;
    remove_day(&turnout.ctx, &OFFICE, &code, second).await.expect("a day less");
    assert_eq!(turnout.letters().await.len(), 0, "it waits");
    turnout.clock.advance(Duration::minutes(2));
    tell_gathered(&turnout.ctx).await.expect("a look");
    let letters = turnout.letters().await;
    assert_eq!(methods(&letters, ADA), ["REQUEST"]);
    assert_eq!(methods(&letters, "ben.low"), ["REQUEST"]);
    for letter in &letters {
        for words in ["Please know: Bring pencils", "now The Barn"] {
            assert_eq!(letter.text.matches(words).count(), 1, "{words} in {}", letter.text);
        }
        for words in ["Bring pens", "paper", "The Mill", "A day more", "A day less"] {
            assert!(!letter.text.contains(words), "{words} in {}", letter.text);
        }
        let ics = String::from_utf8(letter.calendar.clone().expect("a calendar")).expect("text");
        let ics = ics.replace("\r\n ", "");
        assert!(ics.contains("Bring pencils") && ics.contains("LOCATION:The Barn"), "{ics}");
        assert!(ics.contains("SEQUENCE:1\r\n") && !ics.contains("day 1"), "{ics}");
    }
    turnout.is_sound().await;
}
