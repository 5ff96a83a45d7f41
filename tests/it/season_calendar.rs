//! The season in an organiser's own calendar: what stands in it, for whom, and until when.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, staff::disable_account::disable_account},
    domain::{
        audit::Actor,
        occupancy::TeamPolicy::Together,
        session::{Publication, Trainer},
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
    the_season_is_shown_without_anybodys_name_and_drafts_only_where_they_are_chosen,
    a_new_address_of_the_season_ends_the_old_one_and_stopping_ends_it,
    the_season_of_a_calendar_follows_the_rights_of_whoever_made_it,
);

/// Makes an address; its path.
async fn made(browser: &Client, choices: &str) -> String {
    let (status, html) = post(browser, "/office/season/calendar", choices).await;
    assert_eq!(status, Status::Ok, "{html}");
    let from = html.find("https://turnout.example/feeds/p/").expect("an address");
    let address = &html[from + "https://turnout.example".len()..];
    address[..address.find('<').expect("its end")].to_owned()
}

async fn fetched(browser: &Client, path: &str) -> (Status, String) {
    let answer = browser.get(path.to_owned()).dispatch().await;
    let status = answer.status();
    (status, answer.into_string().await.unwrap_or_default().replace("\r\n ", ""))
}

/// A published session with somebody on it, a draft, and a session that was called off.
async fn planned(turnout: &TestTurnout) {
    let amina = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let lead = Trainer { login: amina, name: "Amina Yusuf".to_owned() };
    let code = turnout.plan("S1", "first", 10, |session| session.trainers = vec![lead]).await;
    let team = request(&code, "Ada Obi", 2, Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let later = vec![turnout.sitting(1, start().naive_utc() + Duration::days(50))];
    turnout
        .plan("S2", "second", 10, |session| {
            session.publication = Publication::Draft;
            session.sittings = later;
        })
        .await;
    turnout
        .plan("S3", "first", 10, |session| {
            let reason = "The hall is flooded".to_owned();
            session.publication = Publication::Cancelled { at: start(), reason };
        })
        .await;
}

async fn the_season_is_shown_without_anybodys_name_and_drafts_only_where_they_are_chosen(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    planned(&turnout).await;
    let login = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let wall = page(&browser, "/office/season").await;
    assert!(wall.contains("href=\"/office/season/calendar\">Make an address"), "{wall}");
    let stranger = turnout.browser().await;
    let (status, feed) = fetched(&stranger, &made(&browser, "").await).await;
    assert_eq!(status, Status::Ok);
    assert_eq!(feed.matches("BEGIN:VEVENT").count(), 2, "{feed}");
    for said in
        ["STATUS:CONFIRMED", "STATUS:CANCELLED", "Booked: 2 of 10 places", "office/sessions/S1"]
    {
        assert!(feed.contains(said), "{said}: {feed}");
    }
    for secret in ["Ada", "ada.obi", "Amina", "S2", "TENTATIVE"] {
        assert!(!feed.contains(secret), "{secret}: {feed}");
    }
    let (_, with_drafts) = fetched(&stranger, &made(&browser, "drafts=1").await).await;
    assert_eq!(with_drafts.matches("BEGIN:VEVENT").count(), 3, "{with_drafts}");
    assert_eq!(with_drafts.matches("STATUS:TENTATIVE").count(), 1);
    assert!(with_drafts.contains("Draft: nobody sees it yet"), "{with_drafts}");
    let shown = page(&browser, "/office/season/calendar").await;
    assert!(shown.contains("A calendar last looked at it on") && !shown.contains("/feeds/p/"));
}

async fn a_new_address_of_the_season_ends_the_old_one_and_stopping_ends_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    planned(&turnout).await;
    let login = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let first = made(&browser, "").await;
    let second = made(&browser, "").await;
    assert_eq!(fetched(&browser, &first).await.0, Status::NotFound);
    assert_eq!(fetched(&browser, &second).await.0, Status::Ok);
    let (_, to) = post(&browser, "/office/season/calendar/stop", "").await;
    assert_eq!(to, "/office/season/calendar");
    assert_eq!(fetched(&browser, &second).await.0, Status::NotFound);
    // Her calendar as a trainer is another.
    let third = made(&browser, "").await;
    post(&browser, "/trainer/calendar/stop", "").await;
    assert_eq!(fetched(&browser, &third).await.0, Status::Ok);
    let wrong = post(&browser, "/office/season/calendar", "alliance=elsewhere").await;
    assert_eq!(wrong.0, Status::UnprocessableEntity);
    assert!(wrong.1.contains("Choose one of your alliances"), "{}", wrong.1);
    assert_eq!(fetched(&browser, &third).await.0, Status::Ok, "nothing was made");
    let log = page(&browser, "/office/audit").await;
    assert!(!log.contains("/feeds/p/"), "{log}");
}

async fn the_season_of_a_calendar_follows_the_rights_of_whoever_made_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    planned(&turnout).await;
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('elsewhere', 'Elsewhere Citizens', 'Europe/London', 'else@example.org')",
        )
        .await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let everything = turnout.signed_in(&office).await;
    let all = made(&everything, "").await;
    assert!(fetched(&everything, &all).await.1.contains("office/sessions/S1"));
    let narrowed = made(&everything, "alliance=elsewhere").await;
    assert!(!fetched(&everything, &narrowed).await.1.contains("BEGIN:VEVENT"));
    let olive = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let hers = made(&turnout.signed_in(&olive).await, "drafts=1").await;
    assert!(fetched(&everything, &hers).await.1.contains("office/sessions/S1"));
    turnout.write("update staff_alliances set alliance = 'elsewhere' where login = 'olive'").await;
    assert!(!fetched(&everything, &hers).await.1.contains("BEGIN:VEVENT"), "no more hers");
    turnout.write("update staff set role = 'trainer' where login = 'olive'").await;
    assert_eq!(fetched(&everything, &hers).await.0, Status::NotFound);
    turnout.write("update staff set role = 'organiser' where login = 'olive'").await;
    assert_eq!(fetched(&everything, &hers).await.0, Status::Ok);
    disable_account(&turnout.ctx, &Actor::CommandLine, &olive).await.expect("a closed account");
    assert_eq!(fetched(&everything, &hers).await.0, Status::NotFound);
}
