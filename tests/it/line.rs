//! The office looks after a waiting list: it sees the order and why somebody is passed, lets somebody pass
//! others, and takes an offer back; each with a reason that stays.

use rocket::http::Status;
use turnout::{
    actions::booking::{
        book_places::book_places,
        cancel_places::{Which, cancel_places},
    },
    domain::{
        audit::Actor,
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy::Together,
        reference::Reference,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    an_organiser_sees_who_waits_and_lets_somebody_pass_for_a_reason,
    an_offer_that_is_taken_back_goes_to_the_next_and_its_people_wait_on,
);

const LIST: &str = "/office/sessions/S1/waiting-list";

async fn book(
    turnout: &TestTurnout,
    session: &SessionCode,
    who: &str,
    places: usize,
) -> (RegistrationId, Reference) {
    let asked = request(session, who, places, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    (booked.registration.id, booked.registration.reference)
}

/// Where these names stand on a page, from the top.
fn order(page: &str, names: &[&str]) -> Vec<String> {
    let mut found: Vec<_> =
        names.iter().filter_map(|name| Some((page.find(name)?, (*name).to_owned()))).collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

async fn an_organiser_sees_who_waits_and_lets_somebody_pass_for_a_reason(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    let (first, _) = book(&turnout, &code, "Ada Obi", 1).await;
    book(&turnout, &code, "Ben Low", 3).await;
    book(&turnout, &code, "Cy Dunn", 1).await;
    let (last, reference) = book(&turnout, &code, "Di Ellis", 1).await;
    turnout.letters().await;
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&ruth).await;
    let names = ["Ben Low", "Cy Dunn", "Di Ellis"];
    let shown = page(&office, LIST).await;
    assert_eq!(order(&shown, &names), names);
    assert!(shown.contains("Passed while they do not fit"), "{shown}");
    assert!(page(&office, "/office/sessions/S1").await.contains(LIST));
    let path = format!("/office/bookings/{reference}/move-up");
    assert!(page(&office, &path).await.contains("They are number 3."));
    let (status, again) = post(&office, &path, "to=1&why=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Say why they pass others"), "{again}");
    assert_eq!(post(&office, &path, "to=3&why=x").await.0, Status::UnprocessableEntity);
    let (status, to) = post(&office, &path, "to=2&why=Turned+away+last+time").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let shown = page(&office, &to).await;
    assert_eq!(order(&shown, &names), ["Ben Low", "Di Ellis", "Cy Dunn"]);
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("Turned away last time") && log.contains("from 3 to 2"), "{log}");
    cancel_places(&turnout.ctx, &Actor::Leader, first, Which::All, None).await.expect("a cancel");
    assert_eq!(turnout.states(last).await, ["offered"], "she is the first who fits");
    turnout.is_sound().await;
}

async fn an_offer_that_is_taken_back_goes_to_the_next_and_its_people_wait_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    let (first, _) = book(&turnout, &code, "Ada Obi", 1).await;
    let (ben, reference) = book(&turnout, &code, "Ben Low", 1).await;
    let (cy, _) = book(&turnout, &code, "Cy Dunn", 1).await;
    cancel_places(&turnout.ctx, &Actor::Leader, first, Which::All, None).await.expect("a cancel");
    turnout.letters().await;
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&ruth).await;
    let path = format!("/office/bookings/{reference}/withdraw-offer");
    assert!(page(&office, LIST).await.contains(&path));
    assert!(page(&office, &path).await.contains("1 place would go to the next in line at once."));
    assert_eq!(post(&office, &path, "why=").await.0, Status::UnprocessableEntity);
    let (status, to) = post(&office, &path, "why=The+hall+asked+for+a+member+first").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(turnout.states(ben).await, ["waiting"]);
    assert_eq!(turnout.states(cy).await, ["offered"]);
    let shown = page(&office, &to).await;
    assert_eq!(order(&shown, &["Ben Low", "Cy Dunn"]), ["Cy Dunn", "Ben Low"], "{shown}");
    assert!(shown.contains("Passed: they let an offer go"), "{shown}");
    let letters = turnout.letters().await;
    let told = letters.iter().find(|one| one.to.contains("ben.low")).expect("a letter");
    assert!(told.text.contains("The hall asked for a member first"), "{}", told.text);
    assert!(page(&office, "/office/audit").await.contains("The hall asked for a member first"));
    assert_eq!(post(&office, &path, "why=again").await.0, Status::Conflict);
    turnout.is_sound().await;
}
