//! The page of a session in the office: its states first, its links by what somebody is doing, and what an
//! alliance usually does when a calendar says no.

use rocket::http::Status;
use turnout::domain::{reply::OnDecline, session::Publication, staff::Role};

use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    a_sessions_links_stand_in_groups_after_its_states,
    a_new_session_begins_as_its_alliance_does_when_a_calendar_says_no,
);

async fn a_sessions_links_stand_in_groups_after_its_states(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 10, |_| {}).await;
    turnout.plan("S2", "first", 10, |session| session.publication = Publication::Draft).await;
    let login = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let html = page(&browser, "/office/sessions/S1").await;
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    let order = [
        "How full it is",
        ">People</h2>",
        ">The day</h2>",
        ">Words and letters</h2>",
        ">Change and tell people</h2>",
        "Add or remove a day",
        ">Settings and words</h2>",
        ">Look back</h2>",
        ">About it</h2>",
    ];
    let places: Vec<_> = order.iter().map(|text| at(text)).collect();
    assert!(places.is_sorted(), "{order:?} stand at {places:?}");
    assert!(!html.contains("nobody is told about"), "{html}");
    let draft = page(&browser, "/office/sessions/S2").await;
    assert!(draft.contains("Check and publish") && draft.contains("Edit the draft"), "{draft}");
    assert!(!draft.contains("Change and tell people"), "nobody has seen it");
    let days = page(&browser, "/office/sessions/S1/days").await;
    assert!(days.contains("Add the day and tell"), "{days}");
    // What is said where the session is edited is true: some of it is told.
    let edit = page(&browser, "/office/sessions/S1/edit").await;
    assert!(!edit.contains("Nobody is emailed"), "{edit}");
}

const PLAN: &str = "course=first&alliance=oxford&where=venue&venue=Hall&per_booking=6&mode=instant\
    &days=1&d1_date=2027-03-20&d1_start=10:00&d1_end=12:00&action=save";

async fn a_new_session_begins_as_its_alliance_does_when_a_calendar_says_no(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&office).await;
    let planned = |more: &'static str| {
        let browser = &browser;
        async move {
            let (status, to) = post(browser, "/office/new-session", &format!("{PLAN}{more}")).await;
            assert_eq!(status, Status::SeeOther, "{to}");
            to[17..21].to_owned()
        }
    };
    let what = |code: String| {
        let turnout = &turnout;
        async move { turnout.session(&code.parse().expect("a code")).await.on_decline }
    };
    let before = planned("").await;
    assert_eq!(what(before.clone()).await, OnDecline::Release);
    let form = page(&browser, "/office/alliances/oxford").await;
    assert!(form.contains("name=\"on_decline\" value=\"release\" checked"), "{form}");
    let save = "name=Oxford+Citizens&zone=Europe/London&email=oxford@example.org";
    let wrong = post(&browser, "/office/alliances/oxford", &format!("{save}&on_decline=no")).await;
    assert_eq!(wrong.0, Status::UnprocessableEntity);
    let saved = post(&browser, "/office/alliances/oxford", &format!("{save}&on_decline=ask")).await;
    assert_eq!(saved.1, "/office/alliances?done=saved");
    let form = page(&browser, "/office/alliances/oxford").await;
    assert!(form.contains("name=\"on_decline\" value=\"ask\" checked"), "{form}");
    assert!(form.contains("When a calendar says no: was “release”, now “ask”"), "{form}");
    assert!(page(&browser, "/office/new-session").await.contains("they keep it, and we ask"));
    assert_eq!(what(planned("").await).await, OnDecline::Ask);
    assert_eq!(what(planned("&on_decline=").await).await, OnDecline::Ask);
    assert_eq!(what(planned("&on_decline=release").await).await, OnDecline::Release);
    assert_eq!(what(before.clone()).await, OnDecline::Release, "what is there keeps what it has");
    let like = format!("&like={before}");
    let (_, to) = post(&browser, "/office/new-session", &format!("{PLAN}{like}")).await;
    assert_eq!(what(to[17..21].to_owned()).await, OnDecline::Release, "a copy is a copy");
    // A form that knows nothing of it leaves it.
    post(&browser, "/office/alliances/oxford", save).await;
    assert_eq!(what(planned("").await).await, OnDecline::Ask);
}
