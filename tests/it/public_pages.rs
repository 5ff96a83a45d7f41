//! Pages for anybody who looks for training: the catalogue narrowed, an alliance, a course.

use rocket::http::Status;
use turnout::domain::session::{BookingMode, Publication};

use crate::support::{TestTurnout, browser::page};

on_both_databases!(
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
