//! A PostgreSQL that hangs, is gone, comes back, or has a row that somebody keeps locked.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use rocket::{http::Status, local::asynchronous::Client};
use sqlx::Connection as _;
use turnout::{store::Patience, web::kept::STALE};

use super::{asked, book};
use crate::support::{TestTurnout, private_postgres::PrivatePostgres, web::client};

const PATIENCE: Patience = Patience {
    connection: Duration::from_secs(1),
    lock: Duration::from_millis(500),
    statement: Duration::from_secs(1),
    idle: Duration::from_secs(5),
};

/// A season on a PostgreSQL, as a server sees it that serves visitors.
async fn open(url: &str) -> (TestTurnout, Client) {
    let mut turnout = TestTurnout::on_postgres_at(url).await.season().await;
    turnout.plan("S1", "first", 900, |_| {}).await;
    turnout.plan("S2", "first", 900, |_| {}).await;
    let serving = turnout.ctx.store.clone().serving(url, PATIENCE).await;
    turnout.ctx.store = serving.expect("the database opens");
    let client = client(&turnout).await;
    for path in ["/", "/sessions/S1"] {
        assert_eq!(asked(&client, path).await.0, Status::Ok);
    }
    assert_eq!(book(&client, "S1", "Ada Obi").await.0, Status::Created);
    assert_eq!(asked(&client, "/sessions/S1").await.0, Status::Ok);
    assert_eq!(asked(&client, "/").await.0, Status::Ok);
    (turnout, client)
}

/// Everybody who asks for a page that is kept has it at once, and it says that it may be old.
async fn kept_pages_go_on(client: &Client) {
    let began = Instant::now();
    let all = (0..8).map(|_| client.get("/sessions/S1").dispatch());
    for answer in join_all(all).await {
        assert_eq!(answer.status(), Status::Ok);
        assert!(answer.headers().contains(STALE), "it says that it may be old");
    }
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "one behind the other: {:?}",
        began.elapsed()
    );
}

/// Nobody who asks for something else waits for another, and all are told that nothing was booked.
async fn everything_else_says_that_nothing_was_booked(client: &Client) {
    let began = Instant::now();
    let forms = (0..12).map(|_| asked(client, "/sessions/S1/register"));
    let bookings = (0..12).map(|_| book(client, "S1", "Ben Low"));
    let (pages, bookings) = tokio::join!(join_all(forms), join_all(bookings));
    for (status, page) in pages {
        assert_eq!(status, Status::ServiceUnavailable);
        assert!(page.contains("Nothing was booked"), "{page}");
    }
    for (status, body) in bookings {
        assert_eq!(status, Status::ServiceUnavailable);
        assert!(
            body["detail"].as_str().expect("words").starts_with("Nothing was booked"),
            "{body}"
        );
    }
    let (status, text) = asked(client, "/health/ready").await;
    assert_eq!(status, Status::ServiceUnavailable, "{text}");
    assert_eq!(asked(client, "/health/live").await.0, Status::Ok);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

/// It heals by itself, and soon.
async fn all_is_well_again(turnout: &TestTurnout, client: &Client) {
    let began = Instant::now();
    while asked(client, "/health/ready").await.0 != Status::Ok {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not come back");
    }
    turnout.clock.advance(TimeDelta::seconds(20));
    for number in 0..12 {
        let who = format!("Leader {number}");
        let (status, body) = book(client, "S1", &who).await;
        assert_eq!(status, Status::Created, "{body}");
        assert_eq!(asked(client, "/sessions/S1/register").await.0, Status::Ok);
    }
    let answer = client.get("/sessions/S1").dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    assert!(!answer.headers().contains(STALE), "it is new again");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_hangs_kept_pages_go_on_and_nobody_waits_behind_another() {
    let Some(server) = PrivatePostgres::start() else { return };
    let (turnout, client) = open(&server.url).await;
    server.hang();
    // Time went on: what is kept must be looked at.
    turnout.clock.advance(TimeDelta::seconds(5));
    kept_pages_go_on(&client).await;
    everything_else_says_that_nothing_was_booked(&client).await;
    turnout.clock.advance(TimeDelta::minutes(16));
    assert_eq!(asked(&client, "/sessions/S1").await.0, Status::ServiceUnavailable, "too old");
    server.go_on();
    all_is_well_again(&turnout, &client).await;
    turnout.ctx.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_was_killed_and_started_again_costs_nobody_an_error() {
    let Some(server) = PrivatePostgres::start() else { return };
    let (turnout, client) = open(&server.url).await;
    // Many connections lie idle when it dies.
    let forms = (0..12).map(|_| asked(&client, "/sessions/S1/register"));
    join_all(forms).await;
    join_all((0..12).map(|_| book(&client, "S2", "Eve Tan"))).await;
    server.kill();
    server.start_again();
    turnout.clock.advance(TimeDelta::seconds(5));
    // The first who come find nothing but connections that were cut off.
    assert_eq!(asked(&client, "/sessions/S2/register").await.0, Status::Ok);
    let (status, body) = book(&client, "S2", "Fay Good").await;
    assert_eq!(status, Status::Created, "{body}");
    let everybody: Vec<_> = (0..12).map(|number| format!("Somebody {number}")).collect();
    let forms = (0..12).map(|_| asked(&client, "/sessions/S1/register"));
    let bookings = everybody.iter().map(|who| book(&client, "S2", who));
    let (pages, bookings) = tokio::join!(join_all(forms), join_all(bookings));
    assert!(pages.iter().all(|(status, _)| *status == Status::Ok), "{pages:?}");
    assert!(bookings.iter().all(|(status, _)| *status == Status::Created), "{bookings:?}");

    server.kill();
    turnout.clock.advance(TimeDelta::seconds(5));
    kept_pages_go_on(&client).await;
    everything_else_says_that_nothing_was_booked(&client).await;
    server.start_again();
    all_is_well_again(&turnout, &client).await;
    turnout.ctx.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_stays_locked_stops_nobody_but_those_who_want_it() {
    let Some(turnout) = TestTurnout::on_postgres().await else { return };
    let url = turnout.url.clone();
    turnout.ctx.store.close().await;
    let (turnout, client) = open(&url).await;
    let mut other = sqlx::PgConnection::connect(&url).await.expect("a connection");
    let mut forgotten = other.begin().await.expect("a transaction");
    let lock = sqlx::query("select code from sessions where code = 'S1' for update");
    lock.execute(&mut *forgotten).await.expect("a lock");
    let began = Instant::now();
    let waiting = join_all((0..30).map(|_| book(&client, "S1", "Ben Low")));
    let reading = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            let began = Instant::now();
            assert_eq!(asked(&client, "/sessions/S1/register").await.0, Status::Ok);
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    // More want the row than there are connections to write through.
    let elsewhere = join_all((0..6).map(|_| book(&client, "S2", "Eve Tan")));
    let (refused, slowest, booked) = tokio::join!(waiting, reading, elsewhere);
    assert!(booked.iter().all(|(status, _)| *status == Status::Created), "{booked:?}");
    for (status, body) in refused {
        assert_eq!(status, Status::ServiceUnavailable, "{body}");
    }
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert!(slowest < Duration::from_secs(2), "whoever reads waits for nobody: {slowest:?}");
    assert_eq!(book(&client, "S2", "Cy Dunn").await.0, Status::Created);
    forgotten.rollback().await.expect("an end");
    assert_eq!(book(&client, "S1", "Di Ellis").await.0, Status::Created);
    turnout.ctx.store.close().await;
}
