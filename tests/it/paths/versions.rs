//! A published path is never changed under whoever is on it.

use rocket::http::Status;

use super::{PATH, link, office, put_ada_on, record_of};
use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
};

on_both_databases!(
    a_change_makes_a_new_version_and_whoever_is_on_the_old_one_stays,
    a_draft_takes_nobody_and_changes_in_place,
    two_who_change_the_same_are_told_and_two_others_merge,
    an_archived_path_takes_nobody_new,
);

async fn a_change_makes_a_new_version_and_whoever_is_on_the_old_one_stays(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let edit = "/office/paths/community-organiser/edit";
    let (status, there) =
        Form::open(&browser, edit).await.with("training", "6").send(&browser).await;
    assert_eq!((status, there.contains("version-2")), (Status::SeeOther, true), "{there}");
    let shown = page(&browser, &ada).await;
    assert!(shown.contains("version 1") && shown.contains("0 of 4 hours of training"), "{shown}");
    let body = "name=Ben+Low&email=ben.low%40example.org&institution=I0001";
    post(&browser, "/office/paths/community-organiser/people", body).await;
    let ben = record_of(&browser, "Ben Low").await;
    assert!(page(&browser, &ben).await.contains("0 of 6 hours of training"));
    let shown = page(&browser, "/office/paths/community-organiser?which=older").await;
    assert!(shown.contains(">Ada Obi</a>") && !shown.contains(">Ben Low</a>"), "{shown}");
    let nobody = turnout.browser().await;
    assert!(page(&nobody, &mine).await.contains("There is a newer version"));
    let (status, there) = post(&nobody, &format!("{mine}/newer/community-organiser"), "").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("0 of 6 hours of training"), "{shown}");
    assert!(!shown.contains("There is a newer version"), "{shown}");
    // What is only said of it changes for everybody at once, without a version.
    let form = Form::open(&browser, edit).await.with("name", "Organiser");
    let (status, there) = form.send(&browser).await;
    assert_eq!((status, there.contains("saved")), (Status::SeeOther, true), "{there}");
    assert!(page(&nobody, &mine).await.contains(">Organiser</h2>"));
}

async fn a_draft_takes_nobody_and_changes_in_place(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let (status, there) = post(&browser, "/office/new-path", PATH).await;
    assert_eq!(status, Status::SeeOther);
    assert!(there.starts_with("/office/paths/community-organiser-2"), "{there}");
    let body = "name=Ada+Obi&institution=I0001";
    let (status, shown) = post(&browser, "/office/paths/community-organiser-2/people", body).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("Nobody can be put on this path"), "{shown}");
    let edit = "/office/paths/community-organiser-2/edit";
    let (status, there) = Form::open(&browser, edit).await.with("action", "3").send(&browser).await;
    assert_eq!((status, there.contains("saved")), (Status::SeeOther, true), "{there}");
    let shown = page(&browser, "/office/paths/community-organiser-2").await;
    assert!(shown.contains("3 hours of action") && shown.contains("Draft"), "{shown}");
}

async fn two_who_change_the_same_are_told_and_two_others_merge(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let edit = "/office/paths/community-organiser/edit";
    let (one, other) = (Form::open(&browser, edit).await, Form::open(&browser, edit).await);
    let third = Form::open(&browser, edit).await;
    assert_eq!(one.with("training", "8").send(&browser).await.0, Status::SeeOther);
    assert_eq!(other.with("action", "5").send(&browser).await.0, Status::SeeOther);
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert!(shown.contains("8 hours of training and 5 hours of action"), "{shown}");
    let (status, shown) = third.with("training", "9").send(&browser).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("value=\"9\"") && shown.contains("\u{201c}8\u{201d}"), "{shown}");
    let (status, there) = post(&browser, edit, "training=7").await;
    assert_eq!(status, Status::SeeOther, "a script sends only what it changes: {there}");
}

async fn an_archived_path_takes_nobody_new(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let edit = "/office/paths/community-organiser/edit";
    let form = Form::open(&browser, edit).await.ticked("archived", "1");
    assert_eq!(form.send(&browser).await.0, Status::SeeOther);
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert!(shown.contains("Archived") && !shown.contains("Put her on the path"), "{shown}");
    let body = "name=Ben+Low&institution=I0001";
    let (status, _) = post(&browser, "/office/paths/community-organiser/people", body).await;
    assert_eq!(status, Status::Conflict);
    assert!(page(&browser, &ada).await.contains("0 of 4 hours of training"), "she can go on");
}
