//! Public pages that are kept rendered: never older than they may be, never somebody else's.

use std::io::Read;

use chrono::Duration;
use flate2::read::GzDecoder;
use rocket::{
    http::{Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{ActionContext, booking::book_places::book_places},
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        text::Paragraph,
    },
    store::{Store, catalogue, session_changes},
    web::Desk,
};

use crate::support::{
    TestTurnout,
    plan::request,
    web::{browser, client},
};

async fn page(client: &Client, uri: &str) -> String {
    let answer = client.get(uri.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{uri}");
    answer.into_string().await.expect("a page")
}

/// The same database as another process has it: connections and counters of its own.
async fn another_process(turnout: &TestTurnout) -> ActionContext {
    let store = Store::open(&turnout.url).await.expect("a database");
    ActionContext { store, ..turnout.ctx.clone() }
}

async fn a_booking_shows_at_once_and_one_of_another_process_within_a_quarter_second(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let client = client(&turnout).await;
    assert!(page(&client, "/").await.contains("0 of 9 taken"));
    assert!(page(&client, "/sessions/S1").await.contains("0 of 9 taken"));
    let book = async |ctx: &ActionContext, who: &str| {
        book_places(ctx, &Actor::Api, request(&session, who, 1, Together)).await.expect("one");
    };
    book(&turnout.ctx, "Ada Obi").await;
    assert!(page(&client, "/").await.contains("1 of 9 taken"), "our own commit, at once");

    let other = another_process(&turnout).await;
    book(&other, "Ben Low").await;
    turnout.clock.advance(Duration::milliseconds(250));
    assert!(page(&client, "/").await.contains("2 of 9 taken"));
    assert!(page(&client, "/sessions/S1").await.contains("2 of 9 taken"));
    assert!(page(&client, "/api/v1/sessions/S1").await.contains("\"places_left\":7"));
    other.store.close().await;

    let starts = turnout.session(&session).await.starts_at().expect("a start");
    turnout.clock.advance(starts - turnout.ctx.now());
    assert!(page(&client, "/sessions/S1").await.contains("Booking has closed"), "time went on");
}

/// Every public address that shows S1 or S2.
const ALL: [&str; 12] = [
    "/",
    "/?course=second",
    "/sessions/S1",
    "/sessions/S2",
    "/sessions/S1.ics",
    "/sessions/S2.ics",
    "/feeds/all.ics",
    "/feeds/courses/first.ics",
    "/feeds/new.atom",
    "/api/v1/sessions",
    "/api/v1/sessions/S1",
    "/api/v1/sessions/S2",
];

/// Those of the addresses that are drawn anew when they are asked for now.
async fn redrawn(client: &Client) -> Vec<&'static str> {
    let desk = client.rocket().state::<Desk>().expect("a desk");
    let mut redrawn = Vec::new();
    for uri in ALL {
        let before = desk.answers.drawings();
        page(client, uri).await;
        if desk.answers.drawings() > before {
            redrawn.push(uri);
        }
    }
    redrawn
}

async fn two_sessions(turnout: TestTurnout) -> (TestTurnout, SessionCode, Client) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    turnout.plan("S2", "second", 9, |_| {}).await;
    let client = client(&turnout).await;
    assert_eq!(redrawn(&client).await, ALL);
    assert!(redrawn(&client).await.is_empty(), "kept");
    (turnout, session, client)
}

async fn letters_that_are_sent_leave_every_answer_good(turnout: TestTurnout) {
    let (turnout, session, client) = two_sessions(turnout).await;
    for who in ["Ada Obi", "Ben Low"] {
        book_places(&turnout.ctx, &Actor::Api, request(&session, who, 1, Together))
            .await
            .expect("a booking");
    }
    assert!(!redrawn(&client).await.is_empty(), "bookings show");
    let before = turnout.ctx.store.generation();
    assert!(turnout.letters().await.len() > 1);
    assert!(turnout.ctx.store.generation() > before, "that they were sent was committed");
    assert!(redrawn(&client).await.is_empty(), "sent by this process");

    book_places(&turnout.ctx, &Actor::Api, request(&session, "Eve Tan", 1, Together))
        .await
        .expect("a booking");
    redrawn(&client).await;
    let mut other = turnout.clone();
    other.ctx = another_process(&turnout).await;
    assert!(!other.letters().await.is_empty());
    turnout.clock.advance(Duration::milliseconds(250));
    assert!(redrawn(&client).await.is_empty(), "sent by another process");
    other.ctx.store.close().await;
}

async fn a_booking_redraws_what_shows_how_full_its_session_is(turnout: TestTurnout) {
    let (turnout, session, client) = two_sessions(turnout).await;
    let full = ["/", "/sessions/S1", "/api/v1/sessions", "/api/v1/sessions/S1"];
    let book = async |ctx: &ActionContext, who: &str| {
        book_places(ctx, &Actor::Api, request(&session, who, 1, Together)).await.expect("one");
    };
    book(&turnout.ctx, "Ada Obi").await;
    assert_eq!(redrawn(&client).await, full, "our own");

    let other = another_process(&turnout).await;
    book(&other, "Ben Low").await;
    turnout.clock.advance(Duration::milliseconds(250));
    assert_eq!(redrawn(&client).await, full, "another process's");
    other.store.close().await;
}

async fn a_change_redraws_what_shows_the_session_and_a_name_everything(turnout: TestTurnout) {
    let (turnout, session, client) = two_sessions(turnout).await;
    let other = another_process(&turnout).await;
    let mut tx = other.store.begin().await.expect("a transaction");
    let elsewhere = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    session_changes::set_location(&mut tx, &session, &elsewhere).await.expect("a change");
    tx.commit().await.expect("a commit");
    turnout.clock.advance(Duration::milliseconds(250));
    let mut shown = ALL.to_vec();
    shown.retain(|uri| !uri.contains("S2"));
    assert_eq!(redrawn(&client).await, shown);

    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let mut alliance = (*turnout.session(&session).await.alliance).clone();
    alliance.name = "Oxford and Bicester Citizens".to_owned();
    catalogue::update_alliance(&mut tx, &alliance).await.expect("a name");
    tx.commit().await.expect("a commit");
    assert_eq!(redrawn(&client).await, ALL);
    assert!(page(&client, "/sessions/S2").await.contains("Oxford and Bicester"));
}

async fn what_is_undone_and_what_is_long_over_show_as_they_are(turnout: TestTurnout) {
    let (turnout, _, client) = two_sessions(turnout).await;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let (code, now) = ("S2".parse().expect("a code"), turnout.ctx.now());
    session_changes::set_capacity(&mut tx, &code, 5, now).await.expect("room");
    drop(tx);
    assert!(redrawn(&client).await.is_empty(), "never committed");

    let long_ago = turnout.ctx.now().naive_utc() - Duration::days(300);
    let over = vec![turnout.sitting(1, long_ago)];
    let code = turnout.plan("S0", "first", 9, |session| session.sittings = over).await;
    assert!(page(&client, "/sessions/S0").await.contains("Finished"));
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let reason = Paragraph::parse_optional("The hall was flooded").expect("a reason");
    let now = turnout.ctx.now();
    session_changes::set_cancelled(&mut tx, &code, now, reason.as_ref()).await.expect("a change");
    tx.commit().await.expect("a commit");
    assert!(page(&client, "/sessions/S0").await.contains("The hall was flooded"));
}

async fn what_one_visitor_holds_is_shown_to_nobody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 2, |_| {}).await;
    let (ruth, stranger) = (browser(&turnout).await, browser(&turnout).await);
    assert!(page(&ruth, "/sessions/S1").await.contains("Book places"));
    let form = "places=2&self=yes&name=Ruth+Okafor&email=ruth@example.org&institution=none";
    let asked = ruth.post("/sessions/S1/register").header(rocket::http::ContentType::Form);
    assert_eq!(asked.body(form).dispatch().await.status(), Status::SeeOther);
    let hers = page(&ruth, "/sessions/S1").await;
    assert!(hers.contains("We are holding 2 places for you") && !hers.contains("session is full"));
    let theirs = page(&stranger, "/sessions/S1").await;
    assert!(theirs.contains("This session is full") && !theirs.contains("holding"));
    assert!(page(&ruth, "/sessions/S1").await.contains("We are holding"));
}

async fn an_unchanged_page_or_feed_is_not_sent_twice(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let client = client(&turnout).await;
    for uri in ["/", "/sessions/S1", "/feeds/all.ics", "/static/app.css"] {
        let first = client.get(uri).dispatch().await;
        let etag = first.headers().get_one("ETag").expect("an ETag").to_owned();
        let again = client.get(uri).header(Header::new("If-None-Match", etag.clone()));
        let again = again.dispatch().await;
        assert_eq!(again.status(), Status::NotModified, "{uri}");
        // What a 304 says of caching counts; the rest came with the body (RFC 9110 15.4.5).
        for name in ["Cache-Control", "Vary"] {
            let said = first.headers().get_one(name);
            assert_eq!(again.headers().get_one(name), said, "{name} of {uri}");
        }
        assert!(first.headers().contains("Content-Security-Policy"), "{uri}");
        assert_eq!(again.headers().get_one("ETag"), Some(etag.as_str()));
        assert!(again.into_string().await.is_none_or(|body| body.is_empty()));
        let head = client.head(uri).dispatch().await;
        assert_eq!(head.headers().get_one("ETag"), Some(etag.as_str()), "HEAD {uri}");
    }
    let tag = |answer: &rocket::local::asynchronous::LocalResponse<'_>| {
        answer.headers().get_one("ETag").expect("an ETag").to_owned()
    };
    let before = tag(&client.get("/").dispatch().await);
    book_places(&turnout.ctx, &Actor::Api, request(&session, "Ada Obi", 1, Together))
        .await
        .expect("a booking");
    let changed = client.get("/").header(Header::new("If-None-Match", before)).dispatch().await;
    assert_eq!(changed.status(), Status::Ok);
}

async fn pages_are_compressed_and_calendars_and_private_pages_are_not(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&session, "Ada Obi", 1, Together));
    let manage = format!("/r/{}", booked.await.expect("a booking").token.secret());
    let client = client(&turnout).await;
    let get = async |uri: &str, accepts: &'static str| {
        let answer = client.get(uri.to_owned()).header(Header::new("Accept-Encoding", accepts));
        let answer = answer.dispatch().await;
        let coding = answer.headers().get_one("Content-Encoding").map(str::to_owned);
        (coding, answer.into_bytes().await.expect("a body"))
    };
    for uri in ["/", "/sessions/S1", "/static/app.css"] {
        let (coding, packed) = get(uri, "br;q=1.0, gzip;q=0.8").await;
        assert_eq!(coding.as_deref(), Some("gzip"), "{uri}");
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).expect("gzip");
        for plainly in ["identity", "gzip;q=0"] {
            let (coding, plain) = get(uri, plainly).await;
            assert_eq!((coding, &plain), (None, &unpacked), "{uri}");
        }
    }
    for uri in ["/feeds/all.ics", "/sessions/S1.ics", manage.as_str()] {
        assert_eq!(get(uri, "gzip").await.0, None, "{uri}");
    }
}

on_both_databases!(
    letters_that_are_sent_leave_every_answer_good,
    a_booking_redraws_what_shows_how_full_its_session_is,
    a_change_redraws_what_shows_the_session_and_a_name_everything,
    what_is_undone_and_what_is_long_over_show_as_they_are,
    a_booking_shows_at_once_and_one_of_another_process_within_a_quarter_second,
    what_one_visitor_holds_is_shown_to_nobody_else,
    an_unchanged_page_or_feed_is_not_sent_twice,
    pages_are_compressed_and_calendars_and_private_pages_are_not,
);
