//! What a leader does herself after she has booked, under her private link: one person more, another date.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::{Booked, book_places},
    domain::{audit::Actor, occupancy::TeamPolicy::Together, session::BookingMode},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    a_person_is_added_while_there_is_room,
    whoever_is_added_to_a_full_session_waits,
    the_same_form_twice_adds_one,
    a_booking_moves_to_another_date_and_keeps_its_places_until_then,
    nobody_moves_to_a_date_that_cannot_be_booked_at_once,
);

async fn booked(turnout: &TestTurnout, people: &[&str]) -> (Booked, Client, String) {
    let code = "S1".parse().expect("a code");
    let mut asked = request(&code, people[0], people.len(), Together);
    asked.attendees = people.iter().map(|who| Some(attendee(who))).collect();
    let booked = book_places(&turnout.ctx, &Actor::Visitor, asked).await.expect("a booking");
    let browser = turnout.browser().await;
    let link = format!("/r/{}", booked.token.secret());
    (booked, browser, link)
}

async fn a_person_is_added_while_there_is_room(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |session| session.places_per_booking = 3).await;
    let (_, browser, link) = booked(&turnout, &["Amina Khan", "Ben Low"]).await;
    turnout.letters().await;
    assert!(page(&browser, &link).await.contains("Add a person"));
    let add = format!("{link}/add");
    let (status, html) = post(&browser, &add, "name=&email=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Enter the name of the person who is coming"), "{html}");
    let (status, html) = post(&browser, &add, "name=Ben+Low&email=ben.low%40example.org").await;
    assert_eq!(status, Status::Conflict, "he is in the booking already: {html}");
    let cara = "name=Cara+May&email=cara%40example.org&diet=vegan";
    let (status, there) = post(&browser, &add, cara).await;
    assert_eq!((status, there), (Status::SeeOther, format!("{link}?done=added")));
    let html = page(&browser, &format!("{link}?done=added")).await;
    assert!(html.contains("One person more is coming") && html.contains("Cara May"), "{html}");
    assert!(!html.contains("Add a person"), "three is the most");
    let told = turnout.subjects().await;
    assert_eq!(told.iter().filter(|one| one.contains("<cara@example.org>")).count(), 1, "{told:?}");
    assert_eq!(told.len(), 2, "the leader and Cara, nobody else: {told:?}");
    let (status, to) = post(&browser, &add, "name=Dan+Oak&email=").await;
    assert_ne!(status, Status::SeeOther, "{to}");
    turnout.is_sound().await;
}

async fn whoever_is_added_to_a_full_session_waits(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 1, |_| {}).await;
    let (_, browser, link) = booked(&turnout, &["Amina Khan"]).await;
    assert!(page(&browser, &format!("{link}/add")).await.contains("waits on the list"));
    let (_, there) = post(&browser, &format!("{link}/add"), "follows=yes&name=").await;
    assert_eq!(there, format!("{link}?done=waits-more"));
    let html = page(&browser, &link).await;
    assert!(html.contains("1 person is coming") && html.contains("number 1"), "{html}");
    turnout.is_sound().await;
}

async fn the_same_form_twice_adds_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let (_, browser, link) = booked(&turnout, &["Amina Khan"]).await;
    let add = format!("{link}/add");
    let html = page(&browser, &add).await;
    let attempt = html.split("name=\"attempt\" value=\"").nth(1).expect("an attempt");
    let attempt = &attempt[..attempt.find('"').expect("its end")];
    let form = format!("attempt={attempt}&name=&follows=yes");
    for _ in 0..2 {
        let (status, there) = post(&browser, &add, &form).await;
        assert_eq!((status, there), (Status::SeeOther, format!("{link}?done=added")));
    }
    assert!(page(&browser, &link).await.contains("2 people are coming"));
}

async fn a_booking_moves_to_another_date_and_keeps_its_places_until_then(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "first", 1, |_| {}).await;
    turnout.plan("S3", "first", 30, |_| {}).await;
    let (booking, browser, link) = booked(&turnout, &["Amina Khan", "Ben Low"]).await;
    turnout.letters().await;
    let moving = format!("{link}/move");
    let html = page(&browser, &moving).await;
    assert!(html.contains("value=\"S2\"") && html.contains("value=\"S3\""), "{html}");
    let (status, html) = post(&browser, &moving, "place=1&place=2").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Choose the other date"), "{html}");
    let (status, html) = post(&browser, &moving, "to=S2&place=1&place=2").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Only 1 place is free there. Nobody was moved"), "{html}");
    assert!(page(&browser, &link).await.contains("2 people are coming"), "all is as it was");
    let (status, there) = post(&browser, &moving, "to=S3&place=1&place=2").await;
    assert_eq!(status, Status::SeeOther);
    assert!(there.starts_with("/r/") && there.ends_with("?done=moved"), "{there}");
    let html = page(&browser, &there).await;
    assert!(html.contains("You are booked on this date now") && html.contains("Ben Low"));
    assert!(!html.contains(&booking.registration.reference.to_string()), "a booking of its own");
    let told = turnout.subjects().await;
    assert!(told.iter().any(|one| one.contains("<ben.low@example.org>")), "{told:?}");
    turnout.is_sound().await;
}

async fn nobody_moves_to_a_date_that_cannot_be_booked_at_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "first", 30, |session| session.mode = BookingMode::Approval).await;
    turnout.plan("S3", "second", 30, |_| {}).await;
    let (_, browser, link) = booked(&turnout, &["Amina Khan"]).await;
    let moving = format!("{link}/move");
    let html = page(&browser, &moving).await;
    assert!(html.contains("There is no other date that can be booked now"), "{html}");
    for to in ["S1", "S2", "S3", "S9"] {
        let (status, html) = post(&browser, &moving, &format!("to={to}&place=1")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{to}: {html}");
    }
    assert!(page(&browser, &link).await.contains("1 person is coming"));
}
