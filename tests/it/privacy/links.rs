//! Private links end some time after the last day, and before that when somebody asks for it.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::post,
    plan::{attendee, request},
};

on_both_databases!(
    links_end_sixty_days_after_the_last_day,
    a_leader_gets_a_new_link_and_the_old_one_stops,
    the_office_renews_and_ends_links,
);

/// The path of the first link of a kind in the newest letter that has one.
fn link(letters: &[ReadLetter], to: &str, kind: &str) -> String {
    let start = format!("https://turnout.example{kind}");
    let hers = letters.iter().rev().filter(|letter| letter.to.contains(to));
    let found = hers.filter_map(|letter| letter.text.split_once(&start)).next();
    let (_, rest) = found.expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("{kind}{secret}")
}

async fn booked(turnout: &TestTurnout) -> (Client, String, [String; 2]) {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let letters = turnout.letters().await;
    let links = [link(&letters, "ada.obi", "/r/"), link(&letters, "ben.low", "/p/")];
    let reference = booked.registration.reference.to_string();
    (turnout.browser().await, reference, links)
}

async fn status(browser: &Client, path: &str) -> Status {
    browser.get(path.to_owned()).dispatch().await.status()
}

async fn links_end_sixty_days_after_the_last_day(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, _, links) = booked(&turnout).await;
    turnout.clock.advance(Duration::days(28 + 59));
    for path in &links {
        assert_eq!(status(&browser, path).await, Status::Ok, "{path}");
    }
    turnout.clock.advance(Duration::days(2));
    for path in &links {
        let answer = browser.get(path.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Gone, "{path}");
        let page = answer.into_string().await.expect("a page");
        for words in ["This link has ended", "60 days", "/lost-link"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("Ada Obi") && !page.contains("Ben Low"));
        assert_eq!(status(&browser, &format!("{path}/cancel")).await, Status::Gone);
    }
}

async fn a_leader_gets_a_new_link_and_the_old_one_stops(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, _, [manage, place]) = booked(&turnout).await;
    let (path, page) = (format!("{manage}/new-link"), status(&browser, &manage).await);
    assert_eq!(page, Status::Ok);
    assert_eq!(status(&browser, &path).await, Status::Ok, "looking changes nothing");
    let (answer, page) = post(&browser, &path, "").await;
    assert_eq!(answer, Status::Ok);
    assert!(page.contains("Check your email") && !page.contains("ada.obi"), "{page}");
    assert_eq!(status(&browser, &manage).await, Status::Gone);
    let new = link(&turnout.letters().await, "ada.obi", "/r/");
    assert_ne!(new, manage);
    assert_eq!(status(&browser, &new).await, Status::Ok);
    assert_eq!(status(&browser, &place).await, Status::Ok, "Ben's goes on");
}

async fn the_office_renews_and_ends_links(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, reference, [manage, place]) = booked(&turnout).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let path = format!("/office/bookings/{reference}/links");
    assert_eq!(status(&office, &path).await, Status::Ok);
    post(&browser, &path, "").await;
    assert_eq!(status(&browser, &manage).await, Status::Ok, "not by anybody");
    assert_eq!(post(&office, &path, "").await.0, Status::SeeOther);
    assert_eq!(status(&browser, &manage).await, Status::Gone);
    let new = link(&turnout.letters().await, "ada.obi", "/r/");
    assert_eq!(status(&browser, &new).await, Status::Ok);
    assert_eq!(post(&office, &format!("{path}/end"), "").await.0, Status::SeeOther);
    for path in [&new, &place] {
        assert_eq!(status(&browser, path).await, Status::Gone, "{path}");
    }
}
