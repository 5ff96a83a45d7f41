//! What cannot be used is said: no part of an address, no field, no cell is passed over, made smaller or
//! taken for something else.

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
};

on_both_databases!(
    no_part_of_an_address_is_passed_over,
    a_program_is_told_which_part_of_its_address_cannot_be,
    no_field_is_dropped_or_made_smaller,
    a_session_has_as_many_days_as_were_typed_or_none,
    what_a_phone_at_the_door_mistyped_is_kept_for_whoever_closes,
    a_phones_question_waits_at_the_door_until_somebody_answers,
);

/// An administrator's browser, with a session that has a booking.
async fn office(turnout: &TestTurnout) -> (Client, String) {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 2, Together));
    let reference = booked.await.expect("a booking").registration.reference.to_string();
    let login = turnout.account("office", Role::Administrator, &[]).await;
    (turnout.signed_in(&login).await, reference)
}

/// The same on the day.
async fn at_the_door(turnout: &TestTurnout) -> Client {
    office(turnout).await;
    turnout.clock.advance(Duration::days(28));
    turnout.signed_in(&"office".parse().expect("a login")).await
}

/// Where, which part of the address, and what cannot be asked for there.
const ASKED: &[(&str, &str, &str)] = &[
    ("/", "page", "0 -1 x 1.5 2 99999999999999999999"),
    ("/", "month", "2027-13 jan 2027-1 27-01"),
    ("/", "alliance", "atlantis OXFORD!"),
    ("/", "course", "alchemy x!"),
    ("/", "format", "hybrid"),
    ("/calendars", "alliance", "atlantis"),
    ("/calendars", "course", "alchemy"),
    ("/calendars/qr.svg", "alliance", "x!"),
    ("/office/sessions", "page", "0 x 2"),
    ("/office/sessions", "alliance", "atlantis x!"),
    ("/office/sessions", "stage", "soon"),
    ("/office/people", "page", "0 x -3 2"),
    ("/office/institutions", "page", "0 x 99"),
    ("/office/courses", "page", "0 2"),
    ("/office/alliances", "page", "x 2"),
    ("/office/accounts", "page", "0 7"),
    ("/office/audit", "page", "0 x 999"),
    ("/office/letters", "page", "0 9"),
    ("/office/letters", "progress", "lost"),
    ("/office/typed-institutions", "page", "0 9"),
    ("/office/sessions/S1/bookings", "page", "0 2"),
    ("/office/turnout", "by", "moon"),
    ("/office/turnout", "page", "0 x 99"),
    ("/office/replies", "page", "0 x 9"),
    ("/office/replies", "outcome", "lost"),
    ("/office/requests", "page", "0 x 9"),
    ("/office/import", "page", "0 x 9"),
    ("/trainer", "page", "0 x 9"),
    ("/trainer", "when", "soon"),
    ("/trainer", "led", "maybe"),
    ("/office/turnout.csv", "by", "moon"),
    ("/office/turnout.csv", "from", "yesterday"),
    ("/office/turnout.xlsx", "to", "2026-02-30"),
    ("/office/new-session", "copy", "nothing! S999"),
    ("/office/institutions/I0001/merge", "with", "nobody"),
    ("/office/typed-institutions/which", "with", ""),
    ("/trainer/sessions/S1/roster", "sort", "height"),
    ("/trainer/sessions/S1/roster", "needs", "all"),
];

async fn no_part_of_an_address_is_passed_over(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, reference) = office(&turnout).await;
    let person = "00000000-0000-0000-0000-000000000001";
    let booking = format!("/office/bookings/{reference}/cancel");
    let long = "x".repeat(101);
    let more = [("/", "q", long.as_str()), (booking.as_str(), "place", "x 9")];
    for (path, name, values) in ASKED.iter().chain(&more) {
        for value in values.split(' ').filter(|value| !value.is_empty()) {
            let uri = format!("{path}?{name}={value}");
            let answer = office.get(uri.clone()).dispatch().await;
            assert_eq!(answer.status(), Status::NotFound, "{uri}");
        }
        let answer = office.get(format!("{path}?{name}=")).dispatch().await;
        assert_ne!(answer.status(), Status::NotFound, "{path}: an empty {name} asks for nothing");
    }
    for (path, status) in [
        ("/office/sessions/S1/repeat?weeks=soon", Status::UnprocessableEntity),
        ("/office/turnout?from=yesterday", Status::UnprocessableEntity),
        (&format!("/office/people/{person}/merge?with=x"), Status::NotFound),
    ] {
        assert_eq!(office.get(path.to_owned()).dispatch().await.status(), status, "{path}");
    }
    let shown = office.get("/?month=2027-13").dispatch().await.into_string().await;
    let shown = shown.expect("a page");
    assert!(shown.contains("month \u{201c}2027-13\u{201d}") && shown.contains("All training"));
}

async fn a_program_is_told_which_part_of_its_address_cannot_be(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = office(&turnout).await;
    for (query, pointer) in [
        ("month=2027-13", "/month"),
        ("alliance=atlantis", "/alliance"),
        ("course=alchemy", "/course"),
        ("format=hybrid", "/format"),
        ("page=0", "/page"),
    ] {
        let answer = office.get(format!("/api/v1/sessions?{query}")).dispatch().await;
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{query}");
        let problem: Value =
            serde_json::from_str(&answer.into_string().await.expect("a body")).expect("a problem");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let answer = office.get("/api/v1/sessions?page=2").dispatch().await;
    assert_eq!(answer.status(), Status::NotFound);
}

async fn no_field_is_dropped_or_made_smaller(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, reference) = office(&turnout).await;
    let move_to = format!("/office/bookings/{reference}/move");
    let cancel = format!("/office/bookings/{reference}/cancel?place=x");
    let book = "name=Cy&email=cy%40example.org&institution=none";
    let course = "title=T&hours=2&capacity=9";
    let edit = "per_booking=6&mode=instant&waiting=1";
    let sent = [
        ("/office/sessions/S1/book", format!("{book}&people=21"), "at most 20 people"),
        ("/office/sessions/S1/book", format!("{book}&people=x"), "no number from 1"),
        ("/office/sessions/S1/book", format!("{book}&people=1&p25-name=Di"), "at most 20 people"),
        ("/office/sessions/S1/book", format!("{book}&team=alone"), "Choose what happens"),
        ("/office/courses/first", format!("{course}&before=alchemy"), "courses there are"),
        ("/office/courses/first", format!("{course}&guardian=perhaps"), "Tick this box"),
        (
            "/office/new-account",
            "name=N&email=n%40example.org&role=organiser&alliance=atlantis".into(),
            "alliances there are",
        ),
        ("/office/sessions/S1/edit", format!("{edit}&trainer=no+body"), "no open account"),
        ("/office/sessions/S1/edit", format!("{edit}&trainer=no.body"), "no open account"),
        (
            "/office/sessions/S1/edit",
            "per_booking=6&mode=instant&waiting=perhaps".into(),
            "Tick this box",
        ),
        (
            "/office/sessions/S1/message",
            "subject=S&body=B&to=coming&to=martians".into(),
            "groups there are",
        ),
        (&move_to, "place=1&place=9&to=S1".into(), "not in this booking"),
        (
            "/sessions/S1/register",
            "places=1&self=yes&name=Cy&email=cy%40example.org&institution=none&team=alone".into(),
            "Choose what happens",
        ),
    ];
    for (path, body, words) in sent {
        let (status, shown) = post(&office, path, &body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{path} {body}: {shown}");
        assert!(shown.contains(words), "{path} {body}: {shown}");
    }
    assert_eq!(post(&office, &cancel, "").await.0, Status::NotFound, "x is not all of them");
    assert_eq!(turnout.session(&"S1".parse().expect("a code")).await.occupancy.occupied, 2);
    let door = "/trainer/sessions/S1/check-in/1";
    for body in ["in=x", "undo=x", "remove=x", "sure=x"] {
        assert_eq!(post(&office, door, body).await.0, Status::NotFound, "{body}");
    }
}

async fn a_session_has_as_many_days_as_were_typed_or_none(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = office(&turnout).await;
    let empty = Form::open(&office, "/office/new-session").await;
    let day = |form: Form, number: u32| {
        let date = (turnout.ctx.now() + Duration::days(30 + i64::from(number))).date_naive();
        let at = |part: &str| format!("d{number}_{part}");
        form.with(&at("date"), &date.to_string())
            .with(&at("start"), "10:00")
            .with(&at("end"), "12:00")
    };
    let form = empty
        .with("course", "first")
        .with("alliance", "oxford")
        .with("venue", "A hall")
        .with("capacity", "9")
        .with("action", "save");
    let many = (1..=41).fold(form.clone(), &day);
    for days in ["41", "", "4000000000"] {
        let (status, shown) = many.clone().with("days", days).send(&office).await;
        assert_eq!(status, Status::UnprocessableEntity, "{days}: {shown}");
        assert!(shown.contains("A session has at most 40 days"), "{days}: {shown}");
    }
    let (status, shown) = day(form.clone(), 1).with("days", "x").send(&office).await;
    assert_eq!(status, Status::UnprocessableEntity, "{shown}");
    // The form does not say how many, and two were typed: two it is.
    let two = day(day(form, 1), 2).without("days");
    let (status, to) = two.send(&office).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let code = to.split(['/', '?']).nth(3).expect("a code").parse().expect("a code");
    assert_eq!(turnout.session(&code).await.sittings.len(), 2);
}

const DOOR: &str = "/trainer/sessions/S1/check-in/1";

async fn sync(browser: &Client, body: &Value) -> Value {
    let request = browser.post(format!("{DOOR}/sync")).header(ContentType::JSON);
    let answer = request.body(body.to_string()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    serde_json::from_str(&answer.into_string().await.expect("a body")).expect("JSON")
}

async fn what_a_phone_at_the_door_mistyped_is_kept_for_whoever_closes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = at_the_door(&turnout).await;
    let id = "3f333df6-90a4-4fda-8dd3-9485d27cee36";
    let bundle = json!({
        "marks": [{ "uid": "odd", "place": "not one", "here": true, "age": 1, "name": "Di" }],
        "walk_ins": [{ "uid": "u", "id": id, "name": "Sam Low", "institution": "a\u{202E}b",
                       "email": "sam@", "age": 1 }]
    });
    let standing = sync(&office, &bundle).await;
    assert_eq!(standing["walk_ins"][0]["name"], "Sam Low", "{standing}");
    let typed = "institution \u{201c}a\\u{202e}b\u{201d}, email address \u{201c}sam@\u{201d}";
    assert_eq!(standing["walk_ins"][0]["unread"], typed);
    assert_eq!(standing["answered"], json!(["odd", "u"]));
    assert_eq!(standing["refused"][0]["name"], "Di");
    for path in [DOOR.to_owned(), format!("{DOOR}/close")] {
        let shown = page(&office, &path).await;
        assert!(shown.contains("email address \u{201c}sam@\u{201d}"), "{path}: {shown}");
    }
}

async fn a_phones_question_waits_at_the_door_until_somebody_answers(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = at_the_door(&turnout).await;
    let ids = ["3f333df6-90a4-4fda-8dd3-9485d27cee36", "3f333df6-90a4-4fda-8dd3-9485d27cee37"];
    for id in ids {
        let line = json!({ "uid": id, "id": id, "name": "Ada Obi", "age": 1 });
        let standing = sync(&office, &json!({ "walk_ins": [line] })).await;
        assert_eq!(standing["refused"][0]["asks"], true, "{standing}");
        assert_eq!(standing["walk_ins"], json!([]));
    }
    let shown = page(&office, DOOR).await;
    assert!(shown.contains("Is this somebody else?") && shown.contains(ids[0]), "{shown}");
    let close = page(&office, &format!("{DOOR}/close")).await;
    assert!(close.contains("2 lines of phones wait for your word"), "{close}");
    assert_eq!(post(&office, DOOR, &format!("same={}", ids[0])).await.0, Status::SeeOther);
    assert_eq!(post(&office, DOOR, &format!("sure={}", ids[1])).await.0, Status::SeeOther);
    let shown = page(&office, DOOR).await;
    assert!(!shown.contains("Is this somebody else?"), "{shown}");
    assert_eq!(shown.matches("data-walk-in=").count(), 1);
    let close = page(&office, &format!("{DOOR}/close")).await;
    assert!(!close.contains("for your word") && close.contains("1 came"), "{close}");
}
