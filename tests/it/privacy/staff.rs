//! What is left of whoever worked here and of whoever came, years later: numbers, and nobody's name on a
//! certificate.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::book_places::book_places, retention::erase_due::erase_due,
        staff::disable_account::disable_account,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, session::Trainer, staff::Role},
};

use super::found;
use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
};

on_both_databases!(
    a_closed_account_is_made_anonymous_wherever_it_stands,
    where_every_name_was_erased_no_certificate_is_printed_and_the_page_says_why,
);

async fn a_closed_account_is_made_anonymous_wherever_it_stands(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let quillon = turnout.account("quillon", Role::Organiser, &["oxford"]).await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let leads = Trainer { login: quillon.clone(), name: "Quillon".to_owned() };
    let code = turnout.plan("S1", "first", 9, |session| session.trainers = vec![leads]).await;
    let asked = request(&code, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let browser = turnout.signed_in(&quillon).await;
    post(&browser, "/trainer/calendar", "").await;
    let note = Form::open(&browser, "/office/sessions/S1/edit").await.with("note", "Bring tea");
    assert_eq!(note.send(&browser).await.0, Status::SeeOther);
    let path = format!("/office/bookings/{}/cancel", booked.registration.reference);
    post(&browser, &path, "why=Asked+by+telephone").await;
    turnout.letters().await;
    let closing = Actor::Staff(office.clone());
    disable_account(&turnout.ctx, &closing, &quillon).await.expect("a closed account");
    turnout.clock.advance(Duration::days(3 * 365 - 1));
    erase_due(&turnout.ctx).await.expect("not yet");
    assert!(!found(&turnout, &["quillon"]).await.is_empty(), "it is kept for three years");
    turnout.clock.advance(Duration::days(2));
    erase_due(&turnout.ctx).await.expect("an erasure");
    assert_eq!(found(&turnout, &["quillon"]).await, [""; 0]);
    turnout.is_sound().await;
    let browser = turnout.signed_in(&office).await;
    for path in ["/office/accounts", "/office/audit", "/office/sessions/S1", "/sessions/S1"] {
        let shown = page(&browser, path).await;
        assert!(!shown.to_lowercase().contains("quillon"), "{path}: {shown}");
    }
}

async fn where_every_name_was_erased_no_certificate_is_printed_and_the_page_says_why(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    super::over_the_years::lived(&turnout).await;
    let login = "office".parse().expect("a login");
    let office = turnout.signed_in(&login).await;
    let path = "/trainer/sessions/S1/certificates.pdf";
    let answer = office.get(path).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    assert_eq!(answer.content_type(), Some(rocket::http::ContentType::PDF));
    turnout.clock.advance(Duration::days(4 * 365));
    erase_due(&turnout.ctx).await.expect("an erasure");
    let office = turnout.signed_in(&login).await;
    let answer = office.get(path).dispatch().await;
    assert_eq!(answer.status(), Status::Gone);
    let shown = answer.into_string().await.expect("a page");
    assert!(shown.contains("No certificates any more"), "{shown}");
    assert!(!shown.contains("Name removed"), "{shown}");
}
