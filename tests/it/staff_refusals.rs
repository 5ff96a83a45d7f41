//! Staff who may not do something see their own menu, and whose right it is; and what is counted reads well.

use rocket::http::Status;
use turnout::domain::staff::Role;

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    program::run,
};

on_both_databases!(
    whoever_may_not_sees_her_own_menu_and_whose_right_it_is,
    what_is_one_is_said_as_one,
);

async fn whoever_may_not_sees_her_own_menu_and_whose_right_it_is(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let refused = async |login: &str, role, path: &str| {
        let login = turnout.account(login, role, &["oxford"]).await;
        let browser = turnout.signed_in(&login).await;
        let answer = browser.get(path.to_owned()).dispatch().await;
        (answer.status(), answer.into_string().await.expect("a page"))
    };
    let (status, shown) = refused("ruth", Role::Organiser, "/office/accounts").await;
    assert_eq!(status, Status::Forbidden);
    assert!(shown.contains("You are signed in as ruth (organiser). This is for administrators."));
    assert!(shown.contains("href=\"/office\"") && !shown.contains("Sign in</a>"), "{shown}");
    let (status, shown) = refused("amina", Role::Trainer, "/office/audit").await;
    assert_eq!(status, Status::Forbidden);
    let words = "This is for administrators, and organisers in their own alliances.";
    assert!(shown.contains(words) && shown.contains("href=\"/trainer\""), "{shown}");
    let (status, shown) = refused("mary", Role::Organiser, "/office/sessions/NONE").await;
    assert_eq!(status, Status::NotFound);
    assert!(shown.contains("href=\"/office\"") && !shown.contains("Get a new link"), "{shown}");
    let visitor = turnout.browser().await;
    let lost = visitor.get("/nowhere").dispatch().await.into_string().await.expect("a page");
    assert!(lost.contains("Get a new link to your booking"), "{lost}");
}

async fn what_is_one_is_said_as_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let shown = page(&office, "/office").await;
    assert!(shown.contains("session to come") && !shown.contains("sessions to come"), "{shown}");
    let course = Form::open(&office, "/office/courses/first").await;
    let course = course.with("campaign", "").with("capacity", "1");
    assert_eq!(course.send(&office).await.0, Status::SeeOther);
    let shown = page(&office, "/office/courses").await;
    assert!(shown.contains("1 place") && !shown.contains("1 places"), "{shown}");
    assert!(!shown.contains("1 place, campaign"), "{shown}");
    let sent = post(&office, "/office/sessions/S1/pledges", "institution=I0001&people=12").await;
    assert_eq!(sent.0, Status::SeeOther, "{}", sent.1);
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("12 people from Institution 1 (I0001)"), "{log}");
}

#[test]
fn a_cause_is_said_once() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bad.db"), "no database ".repeat(200)).expect("a file");
    let settings = [("TURNOUT_DATABASE_URL", "sqlite://bad.db")];
    let said = run(folder.path(), &["doctor"], &settings);
    assert!(!said.ok);
    assert_eq!(said.err.matches("file is not a database").count(), 1, "{}", said.err);
}
