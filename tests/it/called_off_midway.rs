//! A session whose days have begun: what was stays, and what is said before a change is what it does.

use chrono::Duration;
use rocket::http::{ContentType, Status};
use serde_json::json;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        places::settle::settle_all,
    },
    domain::{
        audit::Actor,
        occupancy::TeamPolicy::Together,
        session::{BookingMode, Session},
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    who_came_before_it_was_called_off_keeps_that,
    the_new_dates_are_listed_before_anything_moves,
    those_who_wait_keep_their_turn_when_bookings_become_requests,
);

/// Two days, a week apart.
fn two_days(turnout: &TestTurnout) -> impl FnOnce(&mut Session) {
    let turnout = turnout.clone();
    move |session| {
        let next = session.sittings[0].starts + Duration::days(7);
        session.sittings.push(turnout.sitting(2, next));
    }
}

async fn who_came_before_it_was_called_off_keeps_that(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, two_days(&turnout)).await;
    let mut ids = Vec::new();
    for who in ["Ada Obi", "Ben Low"] {
        let asked = request(&code, who, 1, Together);
        ids.push(book_places(&turnout.ctx, &Actor::Api, asked).await.expect("one").registration.id);
    }
    turnout.clock.advance(Duration::days(28));
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let place = turnout.registration(ids[0]).await.places[0].id;
    let door = "/trainer/sessions/S1/check-in/1";
    assert_eq!(post(&office, door, &format!("in={place}")).await.0, Status::SeeOther);
    turnout.clock.advance(Duration::hours(20));
    let office = turnout.signed_in(&login).await;
    let asked = page(&office, "/office/sessions/S1/cancel").await;
    assert!(asked.contains("1 person came to a day that has begun."), "{asked}");
    turnout.letters().await;
    let (status, to) =
        post(&office, "/office/sessions/S1/cancel", "why=The+roof&typed=CANCEL").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(turnout.states(ids[0]).await, ["confirmed"], "she was there");
    assert_eq!(turnout.states(ids[1]).await, ["cancelled"]);
    let session = page(&office, "/office/sessions/S1").await;
    assert!(session.contains("1 came") || session.contains("1 person"), "{session}");
    let csv = page(&office, "/office/turnout.csv?from=2026-09-01&to=2027-08-31&by=alliance").await;
    assert!(csv.contains(",0,1,1\r\n") || !csv.contains(",0,2,"), "{csv}");
    let feed = page(&office, "/feeds/all.ics").await;
    assert_eq!(feed.matches("STATUS:CANCELLED").count(), 1, "the day that was took place: {feed}");
    // What arrives late is taken still.
    let late = json!({ "marks": [{ "place": place.to_string(), "here": true, "age": 71000, "uid": "u" }] });
    let sent = office.post(format!("{door}/sync")).header(ContentType::JSON).body(late.to_string());
    assert_eq!(sent.dispatch().await.status(), Status::Ok);
}

async fn the_new_dates_are_listed_before_anything_moves(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let closes = |session: &mut Session| {
        session.booking_closes = Some(session.sittings[0].starts_at - Duration::days(2));
    };
    let code = turnout.plan("S1", "first", 9, closes).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let before = turnout.session(&code).await;
    let body = "d1_date=2027-02-13&d1_start=10%3A00&d1_end=12%3A00";
    let (status, shown) =
        post(&office, "/office/sessions/S1/times", &format!("{body}&action=look")).await;
    assert_eq!(status, Status::Ok, "{shown}");
    assert!(shown.contains("Nothing is saved yet."), "{shown}");
    assert!(shown.contains("Booking closes: was ") && shown.contains("11 February"), "{shown}");
    assert!(shown.contains("value=\"2027-02-13\""), "{shown}");
    assert_eq!(turnout.session(&code).await, before);
    let (status, to) = post(&office, "/office/sessions/S1/times", body).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let after = turnout.session(&code).await;
    assert_eq!(after.booking_closes, before.booking_closes.map(|at| at + Duration::days(14)));
}

async fn those_who_wait_keep_their_turn_when_bookings_become_requests(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    let mut ids = Vec::new();
    for who in ["Ada Obi", "Ben Low", "Cy Dunn"] {
        let asked = request(&code, who, 1, Together);
        ids.push(book_places(&turnout.ctx, &Actor::Api, asked).await.expect("one").registration.id);
        turnout.clock.advance(Duration::minutes(1));
    }
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let decide = "per_booking=6&mode=approval&waiting=1";
    let (status, to) = post(&office, "/office/sessions/S1/edit", decide).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(turnout.session(&code).await.mode, BookingMode::Approval);
    assert_eq!(turnout.states(ids[0]).await, ["confirmed"]);
    assert_eq!(turnout.states(ids[1]).await, ["waiting"]);
    let new = request(&code, "Di Ellis", 1, Together);
    let new = book_places(&turnout.ctx, &Actor::Api, new).await.expect("one").registration.id;
    assert_eq!(turnout.states(new).await, ["requested"]);
    // What comes free goes to whoever waited first, before anybody who asks.
    cancel_places(&turnout.ctx, &Actor::Leader, ids[0], Which::All, None).await.expect("freed");
    settle_all(&turnout.ctx).await.expect("a sweep");
    assert_eq!(turnout.states(ids[1]).await, ["offered"]);
    assert_eq!(turnout.states(ids[2]).await, ["waiting"]);
    assert_eq!(turnout.states(new).await, ["requested"]);
    // Back again: those who asked are not left without an answer, in one go with the edit.
    let at_once = "per_booking=6&mode=instant&waiting=1";
    let (status, shown) = post(&office, "/office/sessions/S1/edit", at_once).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("1 person waits for your answer"), "{shown}");
    let wrong =
        format!("{at_once}&asking=approve&opens=2027-02-02T10%3A00&closes=2027-02-01T10%3A00");
    assert_eq!(
        post(&office, "/office/sessions/S1/edit", &wrong).await.0,
        Status::UnprocessableEntity
    );
    assert_eq!(turnout.states(new).await, ["requested"], "nothing of it was done");
    let (status, _) =
        post(&office, "/office/sessions/S1/edit", &format!("{at_once}&asking=approve")).await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(turnout.states(new).await, ["waiting"]);
    assert_eq!(turnout.states(ids[1]).await, ["offered"]);
}
