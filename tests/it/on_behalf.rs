//! What an organiser does for people on the telephone: book, move, cancel, send again, and give a
//! place out of turn.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::{
        book_places::book_places,
        move_places::{MoveError, MoveRequest, move_places},
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
        registration::Registration,
        session::BookingMode,
        staff::Role,
    },
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    a_caller_is_booked_by_phone_though_booking_has_closed,
    a_booking_on_the_phone_waits_its_turn_and_is_made_once,
    people_move_to_another_date_with_their_calendars,
    a_move_that_does_not_fit_changes_nothing,
    a_place_out_of_turn_needs_a_reason_and_room,
    letters_are_sent_again_as_they_were,
    a_booking_is_cancelled_on_somebodys_word,
);

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn book(turnout: &TestTurnout, code: &SessionCode, who: &str, places: usize) -> Registration {
    let mut team = request(code, who, places, AsManyAsPossible);
    if places > 1 {
        team.attendees[1] = Some(attendee("Ben Low"));
    }
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking").registration
}

/// The calendar file of a letter.
fn calendar(letter: &ReadLetter) -> String {
    String::from_utf8(letter.calendar.clone().expect("a calendar")).expect("text")
}

/// A property of a letter's calendar.
fn line<'a>(ics: &'a str, start: &str) -> &'a str {
    ics.lines().find(|line| line.starts_with(start)).unwrap_or_default()
}

async fn a_caller_is_booked_by_phone_though_booking_has_closed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let now = turnout.ctx.now();
    turnout
        .plan("S1", "second", 9, |one| {
            one.booking_closes = Some(now - Duration::days(1));
            one.mode = BookingMode::Approval;
        })
        .await;
    let browser = organiser(&turnout).await;
    let path = "/office/sessions/S1/book";
    let form = page(&browser, path).await;
    assert!(form.contains("The public cannot book this session now"), "{form}");
    let (status, more) = post(&browser, path, "do=add&people=1&name=Ada+Obi&p1-name=Ada").await;
    assert_eq!(status, Status::Ok);
    assert!(more.contains("Person 2") && more.contains("value=\"Ada Obi\""), "{more}");
    let (status, again) = post(&browser, path, "people=2&name=Ada+Obi&institution=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    for words in ["Enter an email address or a telephone number", "Choose your institution"] {
        assert!(again.contains(words), "{words}");
    }
    let body = "people=2&name=Ada+Obi&tel=07700+900117&institution=I0001&team=together\
                &p1-name=Ada+Obi&p1-diet=Halal";
    let (status, there) = post(&browser, path, body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(there.ends_with("?done=booked-2-0"), "{there}");
    let booking = page(&browser, &there).await;
    for words in ["Done: 2 places booked.", "07700 900117", "Institution 1", "Has a place"] {
        assert!(booking.contains(words), "{words} in {booking}");
    }
    assert_eq!(turnout.letters().await.len(), 0, "they have no address");
    turnout.is_sound().await;
}

async fn a_booking_on_the_phone_waits_its_turn_and_is_made_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 2, |_| {}).await;
    book(&turnout, &code, "Cy Dunn", 2).await;
    let browser = organiser(&turnout).await;
    let path = "/office/sessions/S1/book";
    let form = page(&browser, path).await;
    assert!(form.contains("No place is free: they will wait."));
    let (_, rest) = form.split_once("name=\"attempt\" value=\"").expect("an attempt");
    let attempt = rest.split('"').next().unwrap_or_default();
    let body = format!(
        "attempt={attempt}&people=1&name=Ada+Obi&email=ada%40example.org&institution=none&p1-name=Ada"
    );
    let (_, there) = post(&browser, path, &body).await;
    assert!(there.ends_with("?done=booked-0-1"), "{there}");
    assert_eq!(post(&browser, path, &body).await.1, there, "a double click books once");
    let list = page(&browser, "/office/sessions/S1/bookings").await;
    assert!(list.contains("Ada Obi") && list.contains("1 waiting") && list.contains("2 booked"));
    let narrowed = page(&browser, "/office/sessions/S1/bookings?q=cy+example.org").await;
    assert!(narrowed.contains("Cy Dunn") && !narrowed.contains("Ada Obi"), "{narrowed}");
    let none = page(&browser, "/office/sessions/S1/bookings?q=nobody").await;
    assert!(none.contains("No booking matches that."));
}

async fn people_move_to_another_date_with_their_calendars(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 2, |_| {}).await;
    let later = |one: &mut turnout::domain::session::Session| {
        one.sittings = vec![turnout.sitting(1, one.sittings[0].starts + Duration::days(7))];
    };
    let other = turnout.plan("S2", "first", 5, later).await;
    let booked = book(&turnout, &code, "Ada Obi", 2).await;
    let waits = book(&turnout, &code, "Di Fay", 1).await;
    let before = turnout.letters().await;
    let invited = before.iter().find(|one| one.to.contains("ben.low") && one.calendar.is_some());
    let uid = line(&calendar(invited.expect("an invite")), "UID").to_owned();
    let browser = organiser(&turnout).await;
    let path = format!("/office/bookings/{}/move", booked.reference);
    let form = page(&browser, &path).await;
    assert!(form.contains("5 places free") && form.contains("The same training"), "{form}");
    let (status, there) = post(&browser, &path, "place=2&to=S2").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(page(&browser, &there).await.contains("Moved: 1 place booked."));

    assert_eq!(turnout.states(booked.id).await, ["confirmed", "cancelled"]);
    assert_eq!(turnout.states(waits.id).await, ["offered"], "what came free is offered on");
    assert_eq!(turnout.session(&other).await.occupancy.occupied, 1);
    let letters = turnout.letters().await;
    let to_ben: Vec<_> = letters.iter().filter(|one| one.to.contains("ben.low")).collect();
    assert_eq!(to_ben.len(), 2, "{to_ben:?}");
    let gone = calendar(to_ben[0]);
    assert!(gone.contains("METHOD:CANCEL") && gone.contains(&uid));
    assert!(to_ben[0].subject.starts_with("Your place has moved to another date"));
    let new = calendar(to_ben[1]);
    assert!(new.contains("METHOD:REQUEST") && !new.contains(&uid), "an event of its own");
    let to_ada: Vec<_> = letters.iter().filter(|one| one.to.contains("ada.obi")).collect();
    assert_eq!(to_ada.len(), 1, "the leader is told once");
    assert!(to_ada[0].text.contains("Moved: Ben Low.") && to_ada[0].text.contains("/r/"));
    turnout.is_sound().await;
}

async fn a_move_that_does_not_fit_changes_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let small = turnout.plan("S2", "first", 1, |_| {}).await;
    let booked = book(&turnout, &code, "Ada Obi", 2).await;
    let ctx = &turnout.ctx;
    let places: Vec<_> = booked.places.iter().map(|place| place.id).collect();
    let mut request = MoveRequest {
        registration: booked.id,
        places,
        to: small.clone(),
        may_wait: false,
        apart: false,
    };
    let office = Actor::CommandLine;
    let refused = move_places(ctx, &office, &request).await;
    assert!(matches!(refused, Err(MoveError::Full { free: 1 })), "{refused:?}");
    assert_eq!(turnout.states(booked.id).await, ["confirmed"; 2]);
    request.to = code.clone();
    assert!(matches!(move_places(ctx, &office, &request).await, Err(MoveError::NotThere)));
    request.to = small.clone();
    request.may_wait = true;
    turnout.clock.advance(Duration::hours(1));
    let moved = move_places(ctx, &office, &request).await.expect("a move");
    assert_eq!(moved.registration.booked_at, Some(ctx.now()), "a booking of its own, made now");
    assert_eq!((moved.confirmed, moved.waiting), (1, 1), "as many as possible, as they chose");
    let again = move_places(ctx, &office, &request).await;
    assert!(matches!(again, Err(MoveError::NothingToMove)), "{again:?}");
    // Two moves that cross each other never wait for each other for ever.
    let one = book(&turnout, &code, "Cy Dunn", 1).await;
    let back = |of: &Registration, to: &SessionCode| MoveRequest {
        registration: of.id,
        places: of.places.iter().map(|place| place.id).collect(),
        to: to.clone(),
        may_wait: true,
        apart: false,
    };
    let (there, here) = (back(&one, &small), back(&moved.registration, &code));
    let (there, here) =
        tokio::join!(move_places(ctx, &office, &there), move_places(ctx, &office, &here));
    assert!(there.is_ok() && here.is_ok(), "{there:?} {here:?}");
    turnout.is_sound().await;
}

async fn a_place_out_of_turn_needs_a_reason_and_room(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    book(&turnout, &code, "Cy Dunn", 1).await;
    let first = book(&turnout, &code, "Di Fay", 1).await;
    let second = book(&turnout, &code, "Eve Gray", 1).await;
    turnout.letters().await;
    let browser = organiser(&turnout).await;
    let path = format!("/office/bookings/{}/confirm", second.reference);
    let form = page(&browser, &path).await;
    assert!(form.contains("1 booking has waited longer than they do."), "{form}");
    let (status, again) = post(&browser, &path, "why=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Say why they go first"));
    let (_, again) = post(&browser, &path, "why=She+interprets").await;
    assert!(again.contains("Only 0 places are free and they need 1"), "{again}");
    assert_eq!(turnout.states(second.id).await, ["waiting"]);
    let (_, there) = post(&browser, &path, "why=She+interprets&room=1").await;
    assert!(there.ends_with("?done=confirmed-1"), "{there}");
    assert_eq!(turnout.states(second.id).await, ["confirmed"]);
    assert_eq!(turnout.states(first.id).await, ["waiting"], "keeps her number");
    assert_eq!(turnout.session(&code).await.occupancy.capacity, 2);
    let log = page(&browser, "/office/audit?session=S1").await;
    assert!(log.contains("1 places: She interprets"), "{log}");
    let subjects = turnout.subjects().await;
    assert!(subjects.iter().any(|one| one.contains("eve.gray@example.org>: You're booked")));
    let (_, again) = post(&browser, &path, "why=Again&room=1").await;
    assert!(again.contains("Nobody of this booking waits any more"), "{again}");
    turnout.is_sound().await;
}

async fn letters_are_sent_again_as_they_were(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 5, |_| {}).await;
    let booked = book(&turnout, &code, "Ada Obi", 2).await;
    let first = turnout.letters().await;
    turnout.clock.advance(Duration::days(2));
    let browser = organiser(&turnout).await;
    turnout.letters().await;
    let path = format!("/office/bookings/{}/resend", booked.reference);
    let (_, there) = post(&browser, &path, "").await;
    assert!(page(&browser, &there).await.contains("We are sending 2 letters again."));
    let again = turnout.letters().await;
    let of_ben = |letters: &[ReadLetter]| {
        let letter = letters.iter().find(|one| one.to.contains("ben.low")).expect("a letter");
        calendar(letter)
    };
    let (old, new) = (of_ben(&first), of_ben(&again));
    for property in ["UID", "SEQUENCE", "DTSTAMP", "DTSTART", "METHOD"] {
        assert_eq!(line(&old, property), line(&new, property), "{property}");
    }
    turnout.is_sound().await;
}

async fn a_booking_is_cancelled_on_somebodys_word(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 5, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let browser = organiser(&turnout).await;
    let path = format!("/office/bookings/{}/cancel", booked.registration.reference);
    let one = format!("{path}?place=2");
    assert!(page(&browser, &one).await.contains("Cancel the place of Ben Low?"));
    assert!(page(&browser, &path).await.contains("Cancel all 3 places?"));
    let (_, there) = post(&browser, &one, "why=Phoned").await;
    assert!(there.ends_with("?done=cancelled-1"), "{there}");
    assert_eq!(
        turnout.states(booked.registration.id).await,
        ["confirmed", "cancelled", "confirmed"]
    );
    let (_, there) = post(&browser, &path, "").await;
    assert!(there.ends_with("?done=cancelled-2"), "{there}");
    let (_, there) = post(&browser, &path, "").await;
    assert!(there.ends_with("?done=cancelled-0"), "nothing is left to cancel: {there}");
    turnout.is_sound().await;
}
