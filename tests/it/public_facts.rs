//! What programs read of the public pages: schema.org data, previews, links into calendars on the
//! web, and the news feed.

use chrono::{Duration, NaiveDateTime};
use rocket::{http::Status, local::asynchronous::Client};
use serde_json::Value;
use turnout::{
    actions::sessions::{change_session::cancel_session, publish_session::publish_session},
    domain::{
        audit::Actor,
        location::Location,
        session::{Publication, Session},
        sitting::instants,
    },
};

use crate::support::{TestTurnout, web::client};

on_both_databases!(
    a_session_tells_search_engines_the_truth_and_not_the_room,
    hostile_words_end_no_element,
    a_sitting_can_be_copied_into_calendars_on_the_web,
    a_session_abroad_names_its_zone,
    new_sessions_are_news_once_published_and_called_off_ones_are_not,
);

async fn page(client: &Client, path: &str) -> String {
    let answer = client.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    answer.into_string().await.expect("a page")
}

/// The JSON-LD of a page, read as a browser would: up to the first end tag.
fn json_ld(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").expect("a block");
    let (block, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(block).unwrap_or_else(|why| panic!("{why} in {block}"))
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().expect("a wall time")
}

async fn a_session_tells_search_engines_the_truth_and_not_the_room(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let summer = |session: &mut Session| {
        session.location = Location::Online { room: "https://meet.example/secret".to_owned() };
        session.sittings = vec![
            turnout.sitting(1, at("2027-03-27T18:30:00")),
            turnout.sitting(2, at("2027-03-28T18:30:00")),
        ];
    };
    let code = turnout.plan("S1", "first", 5, summer).await;
    let client = client(&turnout).await;
    let html = page(&client, "/sessions/S1").await;
    assert!(!html.contains("meet.example"), "C5");
    let event = json_ld(&html);
    assert_eq!(event["@type"], "EducationEvent");
    assert_eq!(event["url"], "https://turnout.example/sessions/S1");
    assert_eq!(event["startDate"], "2027-03-27T18:30:00+00:00");
    assert_eq!(event["endDate"], "2027-03-28T20:30:00+01:00", "after the clocks went forward");
    assert_eq!(event["subEvent"].as_array().map(Vec::len), Some(2));
    assert_eq!(event["eventStatus"], "https://schema.org/EventScheduled");
    assert_eq!(event["eventAttendanceMode"], "https://schema.org/OnlineEventAttendanceMode");
    assert_eq!(event["offers"]["availability"], "https://schema.org/InStock");
    assert!(
        html.contains("<meta property=\"og:url\" content=\"https://turnout.example/sessions/S1\">")
    );

    cancel_session(&turnout.ctx, &Actor::CommandLine, &code, None, None)
        .await
        .expect("a cancellation");
    let event = json_ld(&page(&client, "/sessions/S1").await);
    assert_eq!(event["eventStatus"], "https://schema.org/EventCancelled");
}

async fn hostile_words_end_no_element(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let hostile = "</script><script>alert(1)</script> & \"quotes\" \u{2028} <!--";
    let venue = Location::Venue { name: hostile.to_owned(), address: "<b>".to_owned() };
    turnout.plan("S1", "first", 5, |session| session.location = venue).await;
    let client = client(&turnout).await;
    let html = page(&client, "/sessions/S1").await;
    assert_eq!(json_ld(&html)["location"]["name"], hostile, "stored faithfully");
    assert!(!html.contains("<script>alert"));
    let feed = page(&client, "/feeds/new.atom").await;
    let feed = feed_rs::parser::parse(feed.as_bytes()).expect("a feed");
    let summary = &feed.entries[0].summary.as_ref().expect("a summary").content;
    assert!(summary.contains("alert(1)"), "as words: {summary}");
}

async fn a_sitting_can_be_copied_into_calendars_on_the_web(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let evening = |session: &mut Session| {
        session.sittings = vec![turnout.sitting(1, at("2027-07-01T18:30:00"))];
    };
    turnout.plan("S1", "first", 5, evening).await;
    let html = page(&client(&turnout).await, "/sessions/S1").await.replace("&#38;", "&");
    let google = "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Course%20first\
                  &dates=20270701T183000%2F20270701T203000&ctz=Europe%2FLondon";
    assert!(html.contains(google), "{html}");
    assert!(html.contains("https://outlook.live.com/calendar/0/deeplink/compose?"));
    assert!(html.contains("startdt=2027-07-01T17%3A30%3A00Z&enddt=2027-07-01T19%3A30%3A00Z"));
}

async fn a_session_abroad_names_its_zone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let abroad = |session: &mut Session| {
        let sitting = &mut session.sittings[0];
        sitting.zone = chrono_tz::Europe::Belfast;
        sitting.starts = at("2027-02-01T22:00:00");
        sitting.ends = at("2027-02-02T00:00:00");
        (sitting.starts_at, sitting.ends_at) =
            instants(sitting.starts, sitting.ends, sitting.zone).expect("times");
    };
    turnout.plan("S1", "first", 5, abroad).await;
    turnout.plan("S2", "first", 5, |_| {}).await;
    let client = client(&turnout).await;
    let list = page(&client, "/").await;
    assert_eq!(
        list.matches("Belfast time").count(),
        1,
        "only where it is another than the alliance's"
    );
    assert!(list.contains("10pm to 12am on Tue 2 February, Belfast time"), "{list}");
    let ics = page(&client, "/sessions/S1.ics").await;
    assert!(ics.contains("DTSTART;TZID=Europe/Belfast:20270201T220000\r\n"));
    assert!(ics.contains("DTEND;TZID=Europe/Belfast:20270202T000000\r\n"));
}

async fn new_sessions_are_news_once_published_and_called_off_ones_are_not(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    turnout.plan("S1", "first", 5, |_| {}).await;
    let draft = turnout.plan("S2", "second", 5, |one| one.publication = Publication::Draft).await;
    let client = client(&turnout).await;
    let read = async || {
        let text = page(&client, "/feeds/new.atom").await;
        let feed = feed_rs::parser::parse(text.as_bytes()).expect("a feed");
        feed.entries.into_iter().map(|entry| (entry.id, entry.published)).collect::<Vec<_>>()
    };
    let url = |code: &str| format!("https://turnout.example/sessions/{code}");
    assert_eq!(read().await.iter().map(|one| one.0.clone()).collect::<Vec<_>>(), [url("S1")]);
    turnout.clock.advance(Duration::days(1));
    publish_session(ctx, &Actor::CommandLine, &draft, None).await.expect("published");
    let news = read().await;
    assert_eq!(news.iter().map(|one| one.0.clone()).collect::<Vec<_>>(), [url("S2"), url("S1")]);
    assert_eq!(news[0].1, Some(turnout.ctx.now()), "announced when published, not when planned");
    cancel_session(ctx, &Actor::CommandLine, &draft, None, None).await.expect("a cancellation");
    assert_eq!(read().await.len(), 1);
}
