//! Whoever comes without a booking is counted in both halves of every number, and is a person like
//! others; the same one twice is asked about.

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, staff::Role},
    store::attendances,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{request, sender},
};

on_both_databases!(
    a_walk_in_counts_in_both_halves_of_every_number,
    a_walk_in_is_a_person_with_a_certificate,
    a_walk_in_without_an_address_has_done_the_course,
    the_same_walk_in_twice_is_asked_about,
    whoever_has_a_place_and_walks_in_is_asked_about,
);

const DOOR: &str = "/trainer/sessions/S1/check-in/1";

/// Ada booked for the first institution and the day has come; the office looks after the door.
async fn day(turnout: &TestTurnout) -> (Client, SessionCode) {
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 1, Together);
    team.sender = sender(1);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.clock.advance(Duration::days(28));
    let login = turnout.account("office", Role::Administrator, &[]).await;
    (turnout.signed_in(&login).await, code)
}

async fn add(browser: &Client, body: &str) -> (Status, String) {
    let answer = browser.post(DOOR).header(ContentType::Form).body(format!("add=1&{body}"));
    let answer = answer.dispatch().await;
    let status = answer.status();
    (status, answer.into_string().await.unwrap_or_default())
}

async fn sync(browser: &Client, body: &Value) -> Value {
    let request = browser.post(format!("{DOOR}/sync")).header(ContentType::JSON);
    let answer = request.body(body.to_string()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    serde_json::from_str(&answer.into_string().await.expect("a body")).expect("JSON")
}

async fn a_walk_in_counts_in_both_halves_of_every_number(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = day(&turnout).await;
    // Of an institution on the list, as people type it; of one that is not; of none.
    assert_eq!(add(&office, "name=Sam+Low&institution=INSTITUTION++2").await.0, Status::SeeOther);
    assert_eq!(add(&office, "name=Kim+Ash&institution=Elsewhere").await.0, Status::SeeOther);
    assert_eq!(add(&office, "name=Lee+Oak").await.0, Status::SeeOther);
    let door = page(&office, DOOR).await;
    assert!(
        door.contains("<b id=\"here-count\">3</b> of <span id=\"expected\">4</span>"),
        "{door}"
    );
    let season = "/office/turnout.csv?from=2026-09-01&to=2027-08-31&by=";
    let csv = page(&office, &format!("{season}institution")).await;
    assert!(csv.contains("Institution 1,Oxford Citizens,0,1,0\r\n"), "{csv}");
    assert!(csv.contains("Institution 2,Oxford Citizens,0,1,1\r\n"), "{csv}");
    let csv = page(&office, &format!("{season}alliance")).await;
    assert!(csv.contains("Oxford Citizens,,0,4,3\r\n"), "{csv}");
    let pledges = page(&office, "/office/sessions/S1/pledges").await;
    assert!(pledges.contains("Institution 2"), "{pledges}");
    let session = page(&office, "/office/sessions/S1").await;
    assert!(session.contains("3 of those who came had no booking"), "{session}");
    let bookings = page(&office, "/office/sessions/S1/bookings").await;
    assert!(bookings.contains("Came without a booking") && bookings.contains("Sam Low"));
}

async fn a_walk_in_is_a_person_with_a_certificate(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = day(&turnout).await;
    add(&office, "name=Sam+Low&institution=Institution+2&email=sam@example.org").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    assert!(page(&office, "/office/people?q=sam+low").await.contains("Sam Low"));
    turnout.clock.advance(Duration::minutes(10));
    let close = office.post(format!("{DOOR}/close")).dispatch().await;
    assert_eq!(close.status(), Status::SeeOther);
    drop(close);
    let all = office.get("/trainer/sessions/S1/certificates.pdf").dispatch().await;
    assert_eq!(all.status(), Status::Ok, "Sam's is the only one");
    drop(all);
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let email = "sam@example.org".parse().expect("an address");
    let course = "first".parse().expect("a slug");
    assert!(attendances::has_attended(&mut conn, &email, &course).await.expect("an answer"));
}

async fn a_walk_in_without_an_address_has_done_the_course(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = day(&turnout).await;
    add(&office, "name=Sam+Low&institution=Institution+2").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let after = |session: &mut turnout::domain::session::Session| {
        let later = session.sittings[0].starts + Duration::days(60);
        session.sittings[0] = turnout.sitting(1, later);
    };
    let code = turnout.plan("S9", "second", 9, after).await;
    for (who, stands) in [("Sam Low", "confirmed"), ("Kim Ash", "requested")] {
        let mut asked = request(&code, who, 1, Together);
        asked.sender = sender(2);
        asked.attendees[0].as_mut().expect("somebody").email = None;
        asked.nomination = turnout::domain::text::Paragraph::parse_optional("Why").expect("words");
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        assert_eq!(turnout.states(booked.registration.id).await, [stands], "{who}");
    }
}

async fn the_same_walk_in_twice_is_asked_about(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = day(&turnout).await;
    add(&office, "name=Zo%C3%AB+Low").await;
    let (status, asked) = add(&office, "name=zoe++low&institution=Hope").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(asked.contains("Zoë Low was added already, at 10am."), "{asked}");
    assert!(asked.contains("name=\"again\" value=\"1\"") && asked.contains("value=\"Hope\""));
    let count = async || page(&office, DOOR).await.matches("data-walk-in=").count();
    assert_eq!(count().await, 1);
    assert_eq!(add(&office, "again=1&name=zoe++low&institution=Hope").await.0, Status::SeeOther);
    assert_eq!(count().await, 2);
    let sent = |id: &str, again: bool| {
        json!({ "walk_ins": [
            { "uid": "u", "id": id, "name": "Zoe Low", "institution": "", "age": 1, "again": again }
        ] })
    };
    let id = "3f333df6-90a4-4fda-8dd3-9485d27cee36";
    let asked = sync(&office, &sent(id, false)).await;
    assert_eq!(asked["refused"][0]["asks"], true, "{asked}");
    assert_eq!(asked["answered"], json!(["u"]));
    assert_eq!(count().await, 2);
    // Sent twice, since the answer was lost on its way: still one line, and no question.
    for _ in 0..2 {
        let taken = sync(&office, &sent(id, true)).await;
        assert_eq!(taken["refused"], json!([]));
    }
    assert_eq!(sync(&office, &sent(id, false)).await["refused"], json!([]));
    assert_eq!(count().await, 3);
}

async fn whoever_has_a_place_and_walks_in_is_asked_about(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = day(&turnout).await;
    let (status, asked) = add(&office, "name=ada+OBI").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(asked.contains("Ada Obi already has a place."), "{asked}");
    let place = asked.split("name=\"in\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let body = format!("in={}", place.expect("a button that checks her in"));
    let answer = office.post(DOOR).header(ContentType::Form).body(body).dispatch().await;
    assert_eq!(answer.status(), Status::SeeOther);
    drop(answer);
    assert!(add(&office, "name=Ada+Obi").await.1.contains("is checked in already"));
    assert!(page(&office, DOOR).await.contains("<b id=\"here-count\">1</b> of"));
}
