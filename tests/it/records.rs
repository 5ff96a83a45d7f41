//! Institutions and people as records the office works on, made one where they are two, and not made twice without
//! a question.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places, catalogue::pledge::pledge,
        people::know_people::know_people,
    },
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, registration::Registration,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{request, sender},
};

on_both_databases!(
    an_institution_is_a_record_with_people_bookings_and_seasons,
    a_person_is_a_record_with_bookings_seasons_and_notes,
    records_are_one_click_from_turnout_roster_and_booking,
    a_name_that_is_there_already_is_asked_about_first,
    two_courses_are_made_one_and_their_addresses_lead_on,
    two_alliances_are_made_one_and_their_addresses_lead_on,
);

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

async fn book(turnout: &TestTurnout, code: &SessionCode, who: &str) -> Registration {
    let mut asked = request(code, who, 2, Together);
    asked.sender = sender(1);
    asked.vouched = true;
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    booked.registration
}

async fn another_alliance(turnout: &TestTurnout) {
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('county', 'County Citizens', 'Europe/London', 'county@example.org')",
        )
        .await;
}

async fn an_institution_is_a_record_with_people_bookings_and_seasons(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booking = book(&turnout, &code, "Ada Obi").await;
    let institution = "I0001".parse().expect("a code");
    pledge(&turnout.ctx, &Actor::CommandLine, &code, &institution, 5, None).await.expect("one");
    let office = office(&turnout).await;
    let path = "/office/institutions/I0001";
    let shown = page(&office, path).await;
    for words in ["Season by season", "2026/27", "Ada Obi", "ada.obi@example.org"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(shown.contains(&format!("/office/bookings/{}", booking.reference)), "{shown}");
    assert!(shown.contains("data-label=\"Pledged\" class=\"nums\">5<"), "{shown}");
    assert!(shown.contains("data-label=\"Named\" class=\"nums\">2<"), "{shown}");
    let (status, again) = post(&office, &format!("{path}/notes"), "note=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Enter a note"), "{again}");
    let (status, to) = post(&office, &format!("{path}/notes"), "note=Ask+the+new+rector").await;
    assert_eq!((status, to.contains("done=noted")), (Status::SeeOther, true), "{to}");
    assert!(page(&office, path).await.contains("Ask the new rector"));
    // Notes and bookings follow into the institution it becomes part of.
    post(&office, "/office/institutions/I0002/merge", "with=I0001").await;
    let kept = page(&office, "/office/institutions/I0002").await;
    assert!(kept.contains("Ask the new rector") && kept.contains("2026/27"), "{kept}");
}

async fn a_person_is_a_record_with_bookings_seasons_and_notes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booking = book(&turnout, &code, "Ada Obi").await;
    let office = office(&turnout).await;
    let there = page(&office, &format!("/office/bookings/{}", booking.reference)).await;
    let (_, rest) = there.split_once("href=\"/office/people/").expect("a link to her record");
    let path = format!("/office/people/{}", &rest[..36]);
    let shown = page(&office, &path).await;
    for words in ["Season by season", "2026/27", "Bookings made", "/office/institutions/I0001"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let (status, _) = post(&office, &format!("{path}/notes"), "note=Speaks+Igbo&step=1").await;
    assert_eq!(status, Status::SeeOther);
    let shown = page(&office, &path).await;
    assert!(shown.contains("Speaks Igbo") && shown.contains("Next step: office"), "{shown}");
    another_alliance(&turnout).await;
    let elsewhere = turnout.account("otto", Role::Organiser, &["county"]).await;
    let otto = turnout.signed_in(&elsewhere).await;
    let refused = post(&otto, &format!("{path}/notes"), "note=x").await.0;
    assert_eq!(refused, Status::Forbidden);
}

async fn records_are_one_click_from_turnout_roster_and_booking(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booking = book(&turnout, &code, "Ada Obi").await;
    let office = office(&turnout).await;
    let institution = "href=\"/office/institutions/I0001\"";
    let pages = [
        "/office/turnout".to_owned(),
        "/trainer/sessions/S1/roster".to_owned(),
        format!("/office/bookings/{}", booking.reference),
    ];
    for path in &pages {
        assert!(page(&office, path).await.contains(institution), "{path}");
    }
    for path in &pages[1..] {
        assert!(page(&office, path).await.contains("href=\"/office/people/"), "{path}");
    }
}

async fn a_name_that_is_there_already_is_asked_about_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for who in ["Ada Obi", "Ben Low"] {
        book(&turnout, &code, who).await;
    }
    let office = office(&turnout).await;
    let institution = "name=the+INSTITUTION+1&kind=faith&alliance=oxford&membership=member";
    let course = "title=course+FIRST&hours=2&capacity=20";
    let alliance = "name=Oxford&zone=Europe%2FLondon&email=a%40b.example";
    let known = page(&office, "/office/alliances/oxford").await;
    let (_, name) = known.split_once("name=\"name\"").expect("a field");
    let (_, name) = name.split_once("value=\"").expect("a value");
    let name: String = name.split('"').next().unwrap_or_default().to_uppercase();
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let alliance = alliance.replace("name=Oxford", &format!("name={name}"));
    for (path, body, open) in [
        ("/office/new-institution", institution, "/office/institutions/I0001"),
        ("/office/new-course", course, "/office/courses/first"),
        ("/office/new-alliance", alliance.as_str(), "/office/alliances/oxford"),
    ] {
        let (status, asked) = post(&office, path, body).await;
        assert_eq!(status, Status::Conflict, "{path}: {asked}");
        assert!(asked.contains("Is this another one?"), "{asked}");
        assert!(asked.contains(&format!("href=\"{open}\"")), "{path}: {asked}");
        assert!(asked.contains("name=\"other\" value=\"1\""), "{path}");
        let (status, to) = post(&office, path, &format!("{body}&other=1")).await;
        assert_eq!(status, Status::SeeOther, "{path}: {to}");
    }
    // Renaming is asked about as well, saving without another name is not.
    let renamed = institution.replace("the+INSTITUTION+1", "Institution+1");
    let (status, _) = post(&office, "/office/institutions/I0002", &renamed).await;
    assert_eq!(status, Status::Conflict);
    let same = institution.replace("the+INSTITUTION+1", "Institution+3");
    let (status, to) = post(&office, "/office/institutions/I0003", &same).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let people = page(&office, "/office/people?q=Ben").await;
    let (_, rest) = people.split_once("href=\"/office/people/").expect("Ben");
    let ben = format!("/office/people/{}", &rest[..36]);
    let (status, asked) = post(&office, &ben, "name=ada+obi").await;
    assert_eq!(status, Status::Conflict, "{asked}");
    assert_eq!(post(&office, &ben, "name=ada+obi&other=1").await.0, Status::SeeOther);
}

async fn two_courses_are_made_one_and_their_addresses_lead_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "second", 9, |_| {}).await;
    book(&turnout, &code, "Ada Obi").await;
    turnout.letters().await;
    let office = office(&turnout).await;
    let visitor = turnout.browser().await;
    let uid = |feed: &str| feed.lines().find(|line| line.starts_with("UID")).map(str::to_owned);
    let before = page(&visitor, "/feeds/courses/second.ics").await;
    assert!(uid(&before).is_some(), "{before}");
    assert!(page(&office, "/office/courses/first").await.contains("/office/courses/first/merge"));
    let look = page(&office, "/office/courses/first/merge?with=second").await;
    assert!(look.contains("1 session") && look.contains("You cannot undo this"), "{look}");
    let (status, to) = post(&office, "/office/courses/first/merge", "with=second").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    turnout.clock.advance(Duration::minutes(10));
    let letters = turnout.letters().await;
    assert!(
        letters.iter().any(|one| one.text.contains("Course first")),
        "she is told: {letters:?}"
    );

    let moved = visitor.get("/courses/second").dispatch().await;
    assert_eq!(moved.status(), Status::MovedPermanently);
    assert_eq!(moved.headers().get_one("Location"), Some("/courses/first"));
    let after = page(&visitor, "/feeds/courses/second.ics").await;
    assert_eq!(uid(&after), uid(&before), "subscribers keep the event");
    assert!(after.contains("Course first"), "{after}");
    assert!(page(&visitor, "/feeds/courses/first.ics").await.contains("S1"));
    assert!(page(&visitor, "/?course=second").await.contains("/sessions/S1"));
    assert!(page(&visitor, "/calendars?course=second").await.contains("/feeds/courses/first.ics"));
    assert_eq!(office.get("/office/courses/second").dispatch().await.status(), Status::SeeOther);
    assert!(!page(&office, "/office/courses").await.contains("Course second"));
    let again = post(&office, "/office/courses/first/merge", "with=second").await;
    assert_eq!(again.1, "/office/courses/first/merge", "it is part of it already");
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("Courses merged") && log.contains("second into first"), "{log}");
    turnout.is_sound().await;
}

async fn two_alliances_are_made_one_and_their_addresses_lead_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code, "Ada Obi").await;
    turnout.letters().await;
    another_alliance(&turnout).await;
    let olive = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let office = office(&turnout).await;
    let visitor = turnout.browser().await;
    let uid = |feed: &str| feed.lines().find(|line| line.starts_with("UID")).map(str::to_owned);
    let before = page(&visitor, "/feeds/alliances/oxford.ics").await;
    assert!(page(&visitor, "/alliances/oxford").await.contains("/sessions/S1"));
    let look = page(&office, "/office/alliances/county/merge?with=oxford").await;
    assert!(look.contains("3 institutions, 1 session and 1 member of staff"), "{look}");
    let (status, to) = post(&office, "/office/alliances/county/merge", "with=oxford").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    turnout.clock.advance(Duration::minutes(10));
    turnout.letters().await;
    let moved = visitor.get("/alliances/oxford").dispatch().await;
    assert_eq!(moved.headers().get_one("Location"), Some("/alliances/county"));
    let after = page(&visitor, "/feeds/alliances/oxford.ics").await;
    assert_eq!(uid(&after), uid(&before), "subscribers keep the event");
    for path in ["/embed/alliances/oxford", "/alliances/county", "/?alliance=oxford"] {
        assert!(page(&visitor, path).await.contains("/sessions/S1"), "{path}");
    }
    let organiser = turnout.signed_in(&olive).await;
    assert!(page(&organiser, "/office/sessions").await.contains("S1"), "she follows her sessions");
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("Alliances merged") && log.contains("oxford into county"), "{log}");
    turnout.is_sound().await;
}
