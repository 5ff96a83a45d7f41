//! Everybody who fits is moved to another date before a session is called off: one letter each, and a look first.

use rocket::http::Status;
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor, id::RegistrationId, occupancy::TeamPolicy::Together, session::Publication,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
    start,
};

on_both_databases!(
    whoever_fits_moves_and_the_rest_are_told_it_is_cancelled,
    only_another_date_of_the_course_will_do,
);

const MOVE: &str = "/office/sessions/S1/move-everybody";

/// S1 with three bookings of two and one that waits; S2 a week later, with five places, one of them taken.
async fn two_dates(turnout: &TestTurnout) -> Vec<RegistrationId> {
    let first = turnout.plan("S1", "first", 6, |_| {}).await;
    let day = turnout.sitting(1, start().naive_utc() + chrono::Duration::days(35));
    let second = turnout.plan("S2", "first", 5, |session| session.sittings = vec![day]).await;
    turnout.plan("S3", "second", 5, |_| {}).await;
    let mut ids = Vec::new();
    for (name, code, places) in [
        ("Ann Obi", &first, 2),
        ("Bea Obi", &first, 2),
        ("Cleo Obi", &first, 2),
        ("Dot Obi", &first, 1),
        ("Eve Obi", &second, 1),
    ] {
        let team = request(code, name, places, Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
        ids.push(booked.registration.id);
        turnout.clock.advance(chrono::Duration::seconds(1));
    }
    turnout.letters().await;
    ids
}

async fn whoever_fits_moves_and_the_rest_are_told_it_is_cancelled(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ids = two_dates(&turnout).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.letters().await;
    let office = turnout.signed_in(&login).await;
    assert!(page(&office, "/office/sessions/S1/cancel").await.contains(MOVE));
    let form = page(&office, MOVE).await;
    assert!(form.contains("value=\"S2\"") && !form.contains("value=\"S3\""), "{form}");
    let (status, look) = post(&office, MOVE, "to=S2").await;
    assert_eq!(status, Status::Ok, "{look}");
    assert_eq!(look.matches("Moves, and gets one letter").count(), 2, "{look}");
    assert!(look.contains("There is not enough room"), "{look}");
    assert!(look.contains("Move 4 places and cancel the session"), "{look}");
    assert!(look.contains("To Ann Obi, ann.obi@example.org: Moved: Course first"), "{look}");
    assert!(look.contains("To Cleo Obi, cleo.obi@example.org: Cancelled"), "{look}");
    assert_eq!(turnout.states(ids[0]).await, ["confirmed", "confirmed"], "nothing is kept of it");
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;

    for (form, field) in
        [("to=S2&sure=yes&why=Ill.", "typed"), ("to=S2&sure=yes&typed=CANCEL", "why")]
    {
        let (status, again) = post(&office, MOVE, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{again}");
        assert!(again.contains(&format!("id=\"{field}-e\"")), "{again}");
    }
    let (status, done) =
        post(&office, MOVE, "to=S2&sure=yes&typed=CANCEL&why=The+hall+burnt.").await;
    assert_eq!(status, Status::SeeOther, "{done}");
    for id in &ids[..4] {
        assert!(turnout.states(*id).await.iter().all(|state| *state == "cancelled"));
    }
    let first = turnout.session(&"S1".parse().expect("a code")).await;
    assert!(matches!(first.publication, Publication::Cancelled { .. }));
    assert_eq!(turnout.session(&"S2".parse().expect("a code")).await.occupancy.occupied, 5);
    let letters = turnout.letters().await;
    let to = |who: &str| -> Vec<String> {
        let hers = letters.iter().filter(|one| one.to.contains(who));
        hers.map(|one| one.subject.clone()).collect()
    };
    for who in ["ann.obi", "bea.obi"] {
        let moved = to(who);
        assert!(moved.iter().any(|one| one.starts_with("Moved: Course first")), "{who}: {moved:?}");
        assert!(moved.iter().all(|one| !one.starts_with("Cancelled")), "{who}: {moved:?}");
    }
    for who in ["cleo.obi", "dot.obi"] {
        let off = to(who);
        assert!(off.iter().any(|one| one.starts_with("Cancelled: Course first")), "{who}: {off:?}");
        assert!(
            off.iter().all(|one| !one.contains("Moved") && !one.contains("yours if")),
            "{off:?}"
        );
    }
    turnout.is_sound().await;
}

async fn only_another_date_of_the_course_will_do(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ids = two_dates(&turnout).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    for to in ["S1", "S3", "S999", ""] {
        let form = format!("to={to}&sure=yes&typed=CANCEL&why=Ill.");
        let (status, again) = post(&office, MOVE, &form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{to}: {again}");
        assert!(again.contains("id=\"to-e\""), "{again}");
    }
    assert_eq!(turnout.states(ids[0]).await, ["confirmed", "confirmed"]);
}
