//! How evenings become a series that is booked as one: by repeating a session, or by putting some together.

use chrono::Duration;
use rocket::http::Status;
use turnout::{actions::people::know_people::know_people, domain::staff::Role};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    start,
};

on_both_databases!(
    weeks_that_are_repeated_are_a_series,
    the_office_puts_sessions_together_and_says_how_they_are_booked,
);

async fn weeks_that_are_repeated_are_a_series(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let first = turnout.plan("S7", "first", 9, |_| {}).await;
    let office = turnout.signed_in(&login).await;
    let (status, _) = post(&office, "/office/sessions/S7/repeat", "week=1&week=2").await;
    assert_eq!(status, Status::SeeOther);
    let series = turnout.session(&first).await.series.expect("a series");
    assert_eq!(series.id.as_str(), "s7");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let codes = turnout::store::series::codes(&mut conn, &series.id).await.expect("sessions");
    assert_eq!(codes.len(), 3);
    let html = page(&turnout.browser().await, "/series/s7").await;
    assert!(html.contains("1 evening"), "drafts are seen by nobody: {html}");
}

async fn the_office_puts_sessions_together_and_says_how_they_are_booked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    for (number, code) in (0..).zip(["A1", "A2", "A3"]) {
        let day = turnout.sitting(1, start().naive_utc() + Duration::days(28 + number));
        turnout.plan(code, "first", 9, |session| session.sittings = vec![day]).await;
    }
    turnout.plan("B1", "second", 9, |_| {}).await;
    let office = turnout.signed_in(&login).await;
    let path = "/office/sessions/A1/evenings";
    let html = page(&office, path).await;
    assert!(html.contains("value=\"A2\"") && !html.contains("value=\"B1\""), "{html}");
    let (status, html) = post(&office, path, "session=B1").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("another course or alliance"), "{html}");
    let (status, _) = post(&office, path, "session=A2&session=A3").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&turnout.browser().await, "/series/a1").await.contains("3 evenings"));
    let (status, _) = post(&office, path, "booked=whole&title=The+three+talks").await;
    assert_eq!(status, Status::SeeOther);
    let html = page(&turnout.browser().await, "/series/a1").await;
    assert!(html.contains("The three talks") && html.contains("Book the whole series"), "{html}");
    assert!(page(&turnout.browser().await, "/sessions/A2").await.contains("Book the whole series"));
    let somebody = "name=Ada+Obi&email=ada%40example.org&institution=none&p1-name=Ada+Obi&people=1";
    let (status, html) = post(&office, "/office/sessions/A1/book", somebody).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(
        html.contains("booked together") && html.contains("All evenings of the series"),
        "{html}"
    );
    let all = format!("{somebody}&evenings=all");
    let (status, there) = post(&office, "/office/sessions/A1/book", &all).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(page(&office, &there).await.contains("One of 3 evenings"));
    while know_people(&turnout.ctx).await.expect("a round") {}
    let html = page(&office, path).await;
    assert!(html.contains("On every evening") && html.contains("Ada Obi"), "{html}");
    let (status, _) = post(&office, path, "out=A3").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&turnout.browser().await, "/series/a1").await.contains("2 evenings"));
    assert!(!page(&turnout.browser().await, "/sessions/A3").await.contains("/series/"));
    let stranger = turnout.account("ben", Role::Trainer, &[]).await;
    let stranger = turnout.signed_in(&stranger).await;
    assert_ne!(post(&stranger, path, "out=A2").await.0, Status::SeeOther);
}
