//! Answers to requests can be taken back for a minute, while their letters wait.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        waiting::take_back_answers::{answer_request, new_batch},
    },
    domain::{
        audit::Actor, id::RegistrationId, occupancy::TeamPolicy::Together, session::BookingMode,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    answers_given_together_are_taken_back_together,
    one_answer_is_taken_back_and_given_otherwise,
    after_a_minute_it_is_too_late,
    what_somebody_changed_since_stays_answered,
    what_an_answer_took_is_offered_to_whoever_waits,
);

const REQUESTS: &str = "/office/sessions/S1/requests";
const MANY: &str = "/office/sessions/S1/requests/many";
const UNDO: &str = "/office/sessions/S1/requests/undo";

/// Three leaders ask for two places each, on a session of five.
async fn asked(turnout: TestTurnout) -> (TestTurnout, Client, Vec<(RegistrationId, String)>) {
    let mut turnout = turnout.season().await;
    turnout.ctx.undo = Duration::minutes(1);
    let code = turnout.plan("S1", "first", 5, |session| session.mode = BookingMode::Approval).await;
    let mut bookings = Vec::new();
    for name in ["Ann", "Bea", "Cleo"] {
        let asked = request(&code, &format!("{name} Obi"), 2, Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        bookings.push((booked.registration.id, booked.registration.reference.to_string()));
        turnout.clock.advance(Duration::seconds(1));
    }
    turnout.letters().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    (turnout, office, bookings)
}

async fn occupied(turnout: &TestTurnout) -> u32 {
    turnout.session(&"S1".parse().expect("a code")).await.occupancy.occupied
}

/// What the form of the first answer that can be taken back would send.
fn answer(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"answer\" value=\"").expect("an answer");
    format!("answer={}", rest.split('"').next().expect("an end"))
}

async fn answers_given_together_are_taken_back_together(turnout: TestTurnout) {
    let (turnout, office, bookings) = asked(turnout).await;
    let ticks: String =
        bookings.iter().map(|(_, reference)| format!("&tick={reference}")).collect();
    let form = format!("decision=approve&sure=yes{ticks}");
    let (status, to) = post(&office, MANY, &form).await;
    assert_eq!(
        (status, to.as_str()),
        (Status::SeeOther, "/office/sessions/S1/requests?done=4-2-0")
    );
    assert_eq!(occupied(&turnout).await, 4);
    assert!(turnout.letters().await.is_empty(), "letters wait");
    let list = page(&office, &to).await;
    assert!(list.contains("3 bookings are answered."), "{list}");
    assert!(!list.contains("We are telling them"), "not yet: {list}");
    turnout.is_sound().await;
    turnout.clock.advance(Duration::seconds(59));
    let (status, to) = post(&office, UNDO, &answer(&list)).await;
    assert_eq!(
        (status, to.as_str()),
        (Status::SeeOther, "/office/sessions/S1/requests?done=undone-3-0")
    );
    let list = page(&office, &to).await;
    assert!(list.contains("Taken back: 3 bookings ask again, and nobody was told."), "{list}");
    for (id, _) in &bookings {
        assert_eq!(turnout.states(*id).await, ["requested", "requested"]);
    }
    assert_eq!(occupied(&turnout).await, 0);
    turnout.clock.advance(Duration::minutes(5));
    assert!(turnout.letters().await.is_empty(), "no letter leaves");
    assert!(page(&office, "/office/audit").await.contains("Answer taken back"));
    let (_, to) = post(&office, UNDO, &answer("name=\"answer\" value=\"nothing\"")).await;
    assert!(page(&office, &to).await.contains("It is too late"));
    turnout.is_sound().await;
}

async fn one_answer_is_taken_back_and_given_otherwise(turnout: TestTurnout) {
    let (turnout, office, bookings) = asked(turnout).await;
    let reference = &bookings[0].1;
    post(&office, REQUESTS, &format!("reference={reference}&decision=refuse&reason=Full.")).await;
    assert_eq!(turnout.states(bookings[0].0).await, ["refused", "refused"]);
    let list = page(&office, REQUESTS).await;
    assert!(list.contains("1 booking is answered."), "{list}");
    post(&office, UNDO, &answer(&list)).await;
    post(&office, REQUESTS, &format!("reference={reference}&decision=approve")).await;
    assert_eq!(turnout.states(bookings[0].0).await, ["confirmed", "confirmed"]);
    turnout.clock.advance(Duration::minutes(1));
    let letters = turnout.letters().await;
    assert!(letters.iter().any(|one| one.subject.starts_with("You're booked")), "{letters:?}");
    assert!(letters.iter().all(|one| !one.subject.starts_with("An answer")), "{letters:?}");
    turnout.is_sound().await;
}

async fn after_a_minute_it_is_too_late(turnout: TestTurnout) {
    let (turnout, office, bookings) = asked(turnout).await;
    let reference = &bookings[0].1;
    post(&office, REQUESTS, &format!("reference={reference}&decision=approve")).await;
    let list = page(&office, REQUESTS).await;
    let answer = answer(&list);
    turnout.clock.advance(Duration::minutes(1));
    let after = page(&office, REQUESTS).await;
    assert!(!after.contains("name=\"answer\""), "{after}");
    let (status, to) = post(&office, UNDO, &answer).await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&office, &to).await.contains("It is too late to take that back"), "{to}");
    assert_eq!(turnout.states(bookings[0].0).await, ["confirmed", "confirmed"]);
    assert!(!turnout.letters().await.is_empty(), "they leave now");
    turnout.is_sound().await;
}

async fn what_somebody_changed_since_stays_answered(turnout: TestTurnout) {
    let (turnout, office, bookings) = asked(turnout).await;
    let ticks: String =
        bookings.iter().map(|(_, reference)| format!("&tick={reference}")).collect();
    post(&office, MANY, &format!("decision=approve&sure=yes{ticks}")).await;
    let first = turnout.registration(bookings[0].0).await;
    let which = Which::One(first.places[0].id);
    cancel_places(&turnout.ctx, &Actor::Leader, first.id, which, None)
        .await
        .expect("a cancelled place");
    // What came free was offered to the third, who waited for it.
    let list = page(&office, REQUESTS).await;
    let (_, to) = post(&office, UNDO, &answer(&list)).await;
    let list = page(&office, &to).await;
    assert!(list.contains("1 booking asks again") && list.contains("2 stay answered"), "{list}");
    assert_eq!(turnout.states(bookings[0].0).await, ["cancelled", "confirmed"]);
    assert_eq!(turnout.states(bookings[1].0).await, ["requested", "requested"]);
    turnout.is_sound().await;
}

async fn what_an_answer_took_is_offered_to_whoever_waits(turnout: TestTurnout) {
    let (turnout, office, bookings) = asked(turnout).await;
    for (id, _) in &bookings[..2] {
        let (yes, batch) =
            (turnout::actions::waiting::decide_request::Decision::Approve, new_batch(&turnout.ctx));
        answer_request(&turnout.ctx, &Actor::CommandLine, *id, yes, batch)
            .await
            .expect("an answer");
        turnout.clock.advance(Duration::seconds(20));
    }
    let third = &bookings[2].1;
    post(&office, REQUESTS, &format!("reference={third}&decision=wait")).await;
    assert_eq!(turnout.states(bookings[2].0).await, ["waiting", "waiting"]);
    turnout.clock.advance(Duration::seconds(10));
    turnout.letters().await;
    // The second answer is the latest but one.
    let list = page(&office, REQUESTS).await;
    let forms: Vec<_> = list.split("name=\"answer\"").skip(1).collect();
    let second = forms.get(1).expect("three answers");
    post(&office, UNDO, &answer(&format!("name=\"answer\"{second}"))).await;
    assert_eq!(turnout.states(bookings[1].0).await, ["requested", "requested"]);
    assert_eq!(turnout.states(bookings[2].0).await, ["offered", "offered"], "W2: first come");
    turnout.is_sound().await;
}
