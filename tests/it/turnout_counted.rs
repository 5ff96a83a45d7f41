//! Turnout is counted once for each session, and what a page says of it is true at every moment all the same.

use chrono::Duration;
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        catalogue::merge_institutions::merge_institutions,
        door::count_turnout::count_turnout,
        examine::examine,
    },
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, staff::Role},
    store::turnout_counts,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{request, sender},
};

on_both_databases!(
    turnout_is_true_before_it_is_counted_and_after,
    a_session_that_changes_while_it_is_counted_is_counted_again,
    the_doctor_finds_what_was_counted_wrong,
);

const SEASON: &str = "/office/turnout.csv?from=2026-09-01&to=2027-08-31&by=institution";
const DOOR: &str = "/trainer/sessions/S1/check-in/1";

async fn uncounted(turnout: &TestTurnout) -> Vec<(SessionCode, i64)> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    turnout_counts::uncounted(&mut conn, 100).await.expect("sessions")
}

/// Both before anybody counted what changed, and after.
async fn says(turnout: &TestTurnout, office: &Client, line: &str) {
    let csv = page(office, SEASON).await;
    assert!(csv.contains(line), "before it is counted: {line} in {csv}");
    assert!(!uncounted(turnout).await.is_empty(), "{line} comes from a change");
    while count_turnout(&turnout.ctx).await.expect("a count") {}
    assert!(uncounted(turnout).await.is_empty(), "all of it was counted");
    let csv = page(office, SEASON).await;
    assert!(csv.contains(line), "after it was counted: {line} in {csv}");
}

async fn turnout_is_true_before_it_is_counted_and_after(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let ruth = turnout.account("ruth", Role::Administrator, &[]).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.sender = sender(1);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let office = turnout.signed_in(&ruth).await;
    says(&turnout, &office, "Institution 1,Oxford Citizens,0,3,0\r\n").await;

    let id = booked.registration.id;
    let which = Which::One(booked.registration.places[2].id);
    cancel_places(&turnout.ctx, &Actor::Leader, id, which, None).await.expect("a place less");
    says(&turnout, &office, "Institution 1,Oxford Citizens,0,2,0\r\n").await;

    turnout.clock.advance(Duration::days(28));
    let office = turnout.signed_in(&ruth).await;
    let place = booked.registration.places[0].id;
    post(&office, DOOR, &format!("in={place}")).await;
    says(&turnout, &office, "Institution 1,Oxford Citizens,0,2,1\r\n").await;

    post(&office, DOOR, "add=1&name=Sam+Low&institution=Institution+2").await;
    says(&turnout, &office, "Institution 2,Oxford Citizens,0,1,1\r\n").await;

    turnout.clock.advance(Duration::minutes(1));
    post(&office, DOOR, &format!("undo={place}")).await;
    says(&turnout, &office, "Institution 1,Oxford Citizens,0,2,0\r\n").await;

    let (one, two) = ("I0001".parse().expect("a code"), "I0002".parse().expect("a code"));
    let merged = merge_institutions(&turnout.ctx, &Actor::CommandLine, &two, &one).await;
    merged.expect("one institution");
    says(&turnout, &office, "Institution 2,Oxford Citizens,0,3,1\r\n").await;
}

async fn a_session_that_changes_while_it_is_counted_is_counted_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let team = request(&code, "Ada Obi", 3, Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let (_, changes) = uncounted(&turnout).await.remove(0);
    let team = request(&code, "Eve Ash", 2, Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("another meanwhile");
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    assert!(!turnout_counts::count(&mut tx, &code, changes).await.expect("a count"));
    drop(tx);
    assert_eq!(uncounted(&turnout).await.len(), 1, "it stays uncounted");
    count_turnout(&turnout.ctx).await.expect("a count");
    let ruth = turnout.account("ruth", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&ruth).await;
    let csv = page(&office, SEASON).await;
    assert!(csv.contains(",0,5,0\r\n"), "{csv}");
}

async fn the_doctor_finds_what_was_counted_wrong(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let team = request(&code, "Ada Obi", 3, Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    count_turnout(&turnout.ctx).await.expect("a count");
    turnout.write("update turnout_counts set named = named + 1").await;
    let found = examine(&turnout.ctx).await.expect("a look");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].rule.contains("turnout"), "{found:?}");
    turnout.write("update turnout_counts set named = named - 1").await;
}
