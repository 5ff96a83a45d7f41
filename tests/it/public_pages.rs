//! Pages for anybody who looks for training: the catalogue narrowed, an alliance, a course.

use chrono::Duration;
use rocket::http::{Header, Status};
use turnout::domain::{
    location::Location,
    session::{BookingMode, Publication, Session, Trainer},
    staff::Role,
};

use crate::support::{TestTurnout, browser::page};

on_both_databases!(
    a_campaign_a_trainer_and_what_is_near_are_found,
    the_same_evening_every_week_is_one_row_with_its_dates,
    a_session_is_shared_with_a_picture_of_it,
    an_alliance_has_a_page_of_its_own,
    a_course_says_what_comes_before_and_after_it,
    a_narrowed_catalogue_begins_with_what_was_found,
    what_comes_after_another_course_says_so_before_booking,
);

async fn status(turnout: &TestTurnout, path: &str) -> Status {
    turnout.browser().await.get(path.to_owned()).dispatch().await.status()
}

async fn an_alliance_has_a_page_of_its_own(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/alliances/oxford").await;
    assert!(html.contains("New dates are on the way"), "{html}");
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "first", 30, |session| session.publication = Publication::Draft).await;
    let html = page(&browser, "/alliances/oxford").await;
    for words in
        ["Oxford Citizens", "3 congregations", "oxford@example.org", "/sessions/S1/register"]
    {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(!html.contains("S2"), "a draft is nobody's to see");
    assert_eq!(status(&turnout, "/alliances/nowhere").await, Status::NotFound);
}

async fn a_course_says_what_comes_before_and_after_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/courses/first").await;
    for words in
        ["Course first", "2 hours of learning", "What it leads to", "Course second", "/sessions/S1"]
    {
        assert!(html.contains(words), "{words} in {html}");
    }
    let html = page(&browser, "/courses/second").await;
    for words in ["What comes before", "href=\"/courses/first\"", "There is no date yet"] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert_eq!(status(&turnout, "/courses/nothing").await, Status::NotFound);
}

async fn a_narrowed_catalogue_begins_with_what_was_found(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "second", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let all = page(&browser, "/").await;
    assert!(all.contains("Learn to lead where you live") && all.contains("/sessions/S1/register"));
    let html = page(&browser, "/?course=second").await;
    assert!(!html.contains("Learn to lead where you live"), "the results come first");
    assert!(html.contains("Course second</span>"), "what was asked for is said: {html}");
    assert!(html.contains("/sessions/S2/register"), "the next that was found");
    assert!(!html.contains("/sessions/S1/register"), "the next training is not what was asked for");
    assert!(!html.contains("fold\" open"), "the filters are folded away");
    assert!(page(&browser, "/?q=zzz").await.contains("fold\" open"), "nothing found: look again");
}

async fn what_comes_after_another_course_says_so_before_booking(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "second", 30, |_| {}).await;
    turnout.plan("S3", "second", 30, |session| session.mode = BookingMode::Approval).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/sessions/S1").await;
    assert!(html.contains(">Book places</a>") && !html.contains("This comes after"), "{html}");
    let html = page(&browser, "/sessions/S2").await;
    assert!(html.contains(">Ask for places</a>"), "{html}");
    assert!(html.contains("This comes after Course first."), "{html}");
    assert!(html.contains("Whoever has done it with us is booked at once."), "{html}");
    let html = page(&browser, "/sessions/S3").await;
    assert!(html.contains("This comes after Course first."), "{html}");
    assert!(!html.contains("is booked at once"), "the organiser decides about everybody");
}

fn at(address: &str) -> Location {
    Location::Venue { name: "A hall".to_owned(), address: address.to_owned() }
}

async fn a_campaign_a_trainer_and_what_is_near_are_found(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let lead = vec![Trainer { login, name: "amina".to_owned() }];
    turnout.plan("S1", "first", 9, |one| one.location = at("1 Far St, LS11 0XX")).await;
    turnout
        .plan("S2", "first", 9, |one| {
            one.location = at("2 Near St, SE15 0XX");
            one.trainers = lead;
        })
        .await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/?q=Amina").await;
    assert!(html.contains("/sessions/S2") && !html.contains("/sessions/S1\""), "{html}");
    let html = page(&browser, "/?campaign=leadership").await;
    assert!(html.contains("<option value=\"leadership\" selected>Leadership</option>"), "{html}");
    assert!(html.contains("/sessions/S1") && html.contains("/sessions/S2"), "{html}");
    assert_eq!(status(&turnout, "/?campaign=nothing").await, Status::NotFound);
    for near in ["se15+4qh", "SE", "E1"] {
        let html = page(&browser, &format!("/?near={near}")).await;
        let order = ["/sessions/S2", "Further away</h2>", "/sessions/S1"];
        let places = order.map(|one| html.find(one).unwrap_or_else(|| panic!("{one}: {html}")));
        assert!(places.is_sorted(), "{near}: {places:?}");
    }
    assert!(page(&browser, "/?near=oxford").await.contains("near Oxford Citizens"));
    assert_eq!(status(&turnout, "/?near=Timbuktu").await, Status::NotFound);
    let json = page(&browser, "/api/v1/sessions?near=SE15").await;
    assert!(json.find("\"S2\"") < json.find("\"S1\""), "{json}");
}

async fn the_same_evening_every_week_is_one_row_with_its_dates(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let starts = turnout.ctx.now().naive_utc() + Duration::days(28);
    for week in 0..4 {
        let day = turnout.sitting(1, starts + Duration::weeks(week));
        turnout.plan(&format!("S{week}"), "first", 9, |one| one.sittings = vec![day]).await;
    }
    let later = turnout.sitting(1, starts + Duration::weeks(2) + Duration::hours(1));
    turnout.plan("S9", "first", 9, |one: &mut Session| one.sittings = vec![later]).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/").await;
    assert_eq!(html.matches("class=\"session session--weekly\"").count(), 1, "{html}");
    assert_eq!(html.matches("class=\"session\"").count(), 1, "at another hour: {html}");
    assert!(html.contains("<b>5 sessions</b>") && html.contains("4 dates with places"), "{html}");
    for week in 0..4 {
        assert!(html.contains(&format!("href=\"/sessions/S{week}\"")), "{week}: {html}");
    }
}

async fn a_session_is_shared_with_a_picture_of_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 9, |one| one.location = at("1 <b> & St")).await;
    turnout.plan("S2", "first", 9, |one| one.publication = Publication::Draft).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/sessions/S1").await;
    let picture = "https://turnout.example/sessions/S1/preview.png";
    assert!(html.contains(&format!("property=\"og:image\" content=\"{picture}\"")), "{html}");
    assert!(html.contains("name=\"twitter:card\" content=\"summary_large_image\""), "{html}");
    let answer = browser.get("/sessions/S1/preview.png").dispatch().await;
    assert_eq!(answer.content_type().map(|kind| kind.to_string()).as_deref(), Some("image/png"));
    let tag = answer.headers().get_one("ETag").expect("a tag").to_owned();
    let bytes = answer.into_bytes().await.expect("a picture");
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(bytes[16..24], [0, 0, 4, 176, 0, 0, 2, 118], "1200 by 630");
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
    let again = browser.get("/sessions/S1/preview.png").header(Header::new("If-None-Match", tag));
    assert_eq!(again.dispatch().await.status(), Status::NotModified);
    assert_eq!(status(&turnout, "/sessions/S2/preview.png").await, Status::NotFound, "a draft");
    for (path, kind) in [
        ("/favicon.ico", "image/x-icon"),
        ("/apple-touch-icon.png", "image/png"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/static/icon-512.png", "image/png"),
    ] {
        let answer = browser.get(path).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{path}");
        assert_eq!(answer.content_type().map(|one| one.to_string()).as_deref(), Some(kind));
    }
}
