//! What somebody has done is hers, by whichever name, address and place it was written down.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::{Booked, book_places},
            change_attendee::change_attendee,
        },
        door::check_in::{Taps, check_in},
        people::merge_people::merge_people,
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::Attendee,
        audit::Actor,
        course::CourseAttendance,
        id::{PersonId, PlaceId, SessionCode},
        session::BookingMode,
        staff::Role,
    },
    store::{attendances, people, staff},
    token::{SystemRandom, row_id},
};

use super::{asks, books, known, office, who};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    two_halves_on_two_places_are_one_course,
    whoever_is_checked_in_is_known_at_once_without_an_address,
    a_day_on_two_places_counts_once,
    a_corrected_person_is_asked_as_whom_we_know,
    a_first_timer_is_a_person_and_not_an_address,
    erasing_one_of_an_inbox_leaves_the_other,
);

/// These people of an institution were at the first course.
pub async fn did(turnout: &TestTurnout, institution: u32, people: Vec<Attendee>) -> Booked {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = asks(&code, institution, &people[0]);
    asked.apart = (1..=9).collect();
    asked.attendees = people.into_iter().map(Some).collect();
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    let came: Vec<_> = booked.registration.places.iter().map(|place| place.id).collect();
    here(turnout, &code, 1, &came).await;
    known(turnout, "").await;
    booked
}

async fn here(turnout: &TestTurnout, code: &SessionCode, day: u32, places: &[PlaceId]) {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let login = "ruth".parse().expect("a login");
    let member = staff::find(&mut conn, &login).await.expect("a read").expect("an account");
    drop(conn);
    let at = turnout.ctx.now();
    let mark = |place: &PlaceId| Mark { place: *place, presence: Presence::Attended, at };
    let taps = Taps { marks: places.iter().map(mark).collect(), ..Taps::default() };
    let taken = check_in(&turnout.ctx, &member, code, day, &taps).await.expect("taps");
    assert!(taken.refused.is_empty(), "{taken:?}");
}

/// Who sits on a place: whoever booked it under the same name, with an address, is known apart.
async fn on(turnout: &TestTurnout, place: PlaceId) -> PersonId {
    known(turnout, "").await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    people::of_place(&mut conn, place).await.expect("a read").expect("somebody")
}

/// A session of the course that comes after the first.
pub async fn second(turnout: &TestTurnout, code: &str) -> SessionCode {
    turnout
        .plan(code, "second", 9, |one| {
            one.sittings[0] = turnout.sitting(1, one.sittings[0].starts + Duration::days(60));
        })
        .await
}

async fn two_halves_on_two_places_are_one_course(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |session| {
        let starts = session.sittings[0].starts;
        let day = |number: u32| turnout.sitting(number, starts + Duration::days(number.into()));
        session.sittings = vec![day(1), day(2), day(3)];
    });
    let code = code.await;
    let one = books(&turnout, &code, &who("Nat Nutt", "nat@example.org")).await.registration;
    let two = books(&turnout, &code, &who("Natalie Nutt", "")).await.registration;
    turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(29) + Duration::hours(1));
    here(&turnout, &code, 1, &[one.places[0].id]).await;
    turnout.clock.advance(Duration::days(1));
    here(&turnout, &code, 2, &[two.places[0].id]).await;
    turnout.clock.advance(Duration::days(2));
    let nat = on(&turnout, one.places[0].id).await;
    let natalie = on(&turnout, two.places[0].id).await;
    let later = second(&turnout, "S9").await;
    let asked = asks(&later, 1, &who("Nat Nutt", "nat@example.org"));
    let before = book_places(&turnout.ctx, &Actor::Api, asked.clone()).await;
    assert!(before.is_err(), "one day of three is no course: {before:?}");
    merge_people(&turnout.ctx, &Actor::CommandLine, nat, natalie).await.expect("one person");
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    assert_eq!(turnout.states(booked.registration.id).await, ["confirmed"]);
    turnout.is_sound().await;
}

async fn whoever_is_checked_in_is_known_at_once_without_an_address(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let cy = books(&turnout, &code, &who("Cy Dunn", "")).await.registration;
    turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    here(&turnout, &code, 1, &[cy.places[0].id]).await;
    // Nothing that runs in the background had its turn.
    let later = second(&turnout, "S9").await;
    let again = books(&turnout, &later, &who("cy DUNN", "")).await.registration;
    assert_eq!(turnout.states(again.id).await, ["confirmed"]);
    let elsewhere = asks(&later, 2, &who("Cy Dunn", ""));
    let elsewhere = book_places(&turnout.ctx, &Actor::Api, elsewhere).await.expect("a request");
    assert_eq!(turnout.states(elsewhere.registration.id).await, ["requested"], "it is unclear");
    turnout.is_sound().await;
}

async fn a_day_on_two_places_counts_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let one = books(&turnout, &code, &who("Nat Nutt", "nat@example.org")).await.registration;
    let two = books(&turnout, &code, &who("Natalie Nutt", "")).await.registration;
    turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    here(&turnout, &code, 1, &[one.places[0].id, two.places[0].id]).await;
    let nat = on(&turnout, one.places[0].id).await;
    let natalie = on(&turnout, two.places[0].id).await;
    merge_people(&turnout.ctx, &Actor::CommandLine, nat, natalie).await.expect("one person");
    assert_eq!(turnout.states(two.id).await, ["confirmed"], "what was attended is not given up");
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let shown = page(&office, &format!("/office/people/{nat}")).await;
    assert!(shown.contains("<dd>2 hours</dd>"), "{shown}");
    assert_eq!(shown.matches("/office/sessions/S1").count(), 2, "both places stay in the record");
    turnout.is_sound().await;
}

async fn a_corrected_person_is_asked_as_whom_we_know(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    did(&turnout, 1, vec![who("Nat Nutt", "nat@example.org")]).await;
    let code = turnout.plan("S9", "second", 9, |one| {
        one.sittings[0] = turnout.sitting(1, one.sittings[0].starts + Duration::days(60));
        one.mode = BookingMode::Approval;
    });
    let code = code.await;
    let asked = books(&turnout, &code, &who("Nat Nutt", "nat@example.org")).await.registration;
    known(&turnout, "").await;
    // Her leader gives another address: she stays the person she was, whoever reads mail there.
    let moved = who("Nat Nutt", "nutt@work.example");
    let place = asked.places[0].id;
    let changed = change_attendee(&turnout.ctx, &Actor::Leader, asked.id, place, moved).await;
    changed.expect("a correction");
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let shown = page(&office, "/office/sessions/S9/requests").await;
    assert!(shown.contains("Nat Nutt") && !shown.contains("Not done yet"), "{shown}");
    assert!(!shown.contains("could not tell which"), "{shown}");
    turnout.is_sound().await;
}

async fn a_first_timer_is_a_person_and_not_an_address(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let done = CourseAttendance {
        course: "first".parse().expect("a slug"),
        name: crate::support::plan::name("Ann Baker"),
        email: "family@example.org".parse().expect("an address"),
        attended_on: "2025-05-01".parse().expect("a day"),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let id = row_id(&SystemRandom, &*turnout.ctx.clock);
    assert!(attendances::insert(&mut tx, id, &done, "import").await.expect("a row"));
    tx.commit().await.expect("a commit");
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for name in ["Ann Baker", "Ben Low"] {
        books(&turnout, &code, &who(name, "family@example.org")).await;
    }
    known(&turnout, "").await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let composition = turnout::store::composition::of_session(&mut conn, &code).await;
    assert_eq!(composition.expect("a look").first_timers, 1, "Ben, and not Ann");
}

async fn erasing_one_of_an_inbox_leaves_the_other(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let family = "family@example.org";
    did(&turnout, 1, vec![who("Ann Baker", family), who("Ben Low", family)]).await;
    turnout.clock.advance(Duration::days(1));
    let (ann, ben) = (known(&turnout, "Ann").await[0], known(&turnout, "Ben").await[0]);
    let office = office(&turnout).await;
    let (status, there) = post(&office, &format!("/office/people/{ann}/erase"), "").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let left = page(&office, &format!("/office/people/{ben}")).await;
    assert!(left.contains("Ben Low") && left.contains(family), "{left}");
    let code = second(&turnout, "S9").await;
    let hers = book_places(&turnout.ctx, &Actor::Api, asks(&code, 1, &who("Ann Baker", family)));
    assert!(hers.await.is_err(), "what was erased is done by nobody");
    let his = book_places(&turnout.ctx, &Actor::Api, asks(&code, 1, &who("Ben Low", family)));
    let his = his.await.expect("a booking").registration;
    assert_eq!(turnout.states(his.id).await, ["confirmed"], "what he did stays his");
}
