//! Forty people ask for places: one answer for those who are ticked, looked at once more before they are told.

use rocket::http::Status;
use turnout::{
    actions::booking::book_places::book_places,
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
    those_who_are_ticked_get_one_answer_after_a_last_look,
    a_reason_for_all_is_read_by_all_and_one_too_long_decides_nothing,
);

const REQUESTS: &str = "/office/sessions/S1/requests";
const MANY: &str = "/office/sessions/S1/requests/many";

/// Six leaders ask for two places each, on a session of nine; their bookings and references.
async fn asked(
    turnout: &TestTurnout,
) -> (rocket::local::asynchronous::Client, Vec<(RegistrationId, String)>) {
    let code = turnout.plan("S1", "first", 9, |session| session.mode = BookingMode::Approval).await;
    let mut bookings = Vec::new();
    for name in ["Ann", "Bea", "Cleo", "Dot", "Eve", "Fay"] {
        let asked = request(&code, &format!("{name} Obi"), 2, Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        bookings.push((booked.registration.id, booked.registration.reference.to_string()));
        turnout.clock.advance(chrono::Duration::minutes(1));
    }
    turnout.letters().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    (turnout.signed_in(&login).await, bookings)
}

fn ticks(bookings: &[(RegistrationId, String)]) -> String {
    bookings.iter().map(|(_, reference)| format!("&tick={reference}")).collect()
}

async fn those_who_are_ticked_get_one_answer_after_a_last_look(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, bookings) = asked(&turnout).await;
    assert!(page(&office, REQUESTS).await.contains("One answer for several"));
    let (status, nobody) = post(&office, MANY, "decision=approve").await;
    assert_eq!(status, Status::SeeOther, "{nobody}");
    let form = format!("decision=approve{}", ticks(&bookings[..5]));
    let (status, look) = post(&office, MANY, &form).await;
    assert_eq!(status, Status::Ok, "{look}");
    assert!(look.contains("Say yes to 5 bookings, 10 places?"), "{look}");
    assert!(look.contains("There are fewer places than that"), "{look}");
    assert!(look.contains("Ann Obi") && !look.contains("Fay Obi"), "{look}");
    assert_eq!(turnout.states(bookings[0].0).await, ["requested", "requested"], "not yet");
    assert!(turnout.letters().await.is_empty(), "nobody is told yet");

    let (status, _) = post(&office, MANY, &format!("{form}&sure=yes")).await;
    assert_eq!(status, Status::SeeOther);
    for (id, _) in &bookings[..4] {
        assert_eq!(turnout.states(*id).await, ["confirmed", "confirmed"]);
    }
    assert_eq!(turnout.states(bookings[4].0).await, ["waiting", "waiting"], "all together");
    assert_eq!(turnout.states(bookings[5].0).await, ["requested", "requested"], "not ticked");
    assert!(!turnout.letters().await.is_empty());

    let (_, look) = post(&office, MANY, &form).await;
    assert!(look.contains("None of them asks for places any more"), "{look}");
    turnout.is_sound().await;
}

async fn a_reason_for_all_is_read_by_all_and_one_too_long_decides_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, bookings) = asked(&turnout).await;
    let form = format!("decision=refuse&sure=yes{}", ticks(&bookings[..2]));
    let (status, said) = post(&office, MANY, &format!("{form}&reason={}", "x".repeat(1001))).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("Nothing was decided, and nobody was told"), "{said}");
    assert_eq!(turnout.states(bookings[0].0).await, ["requested", "requested"]);
    assert!(turnout.letters().await.is_empty());

    post(&office, MANY, &format!("{form}&reason=It+is+for+stewards+this+time.")).await;
    for (id, _) in &bookings[..2] {
        assert_eq!(turnout.states(*id).await, ["refused", "refused"]);
    }
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(letters.iter().all(|one| one.text.contains("It is for stewards this time.")));
    turnout.is_sound().await;
}
