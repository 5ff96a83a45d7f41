//! Numbers for whoever watches: by whom they may be read, that they are true, and that they name
//! nobody.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use rocket::{
    http::{Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{booking::book_places::book_places, work_done::WorkDone},
    domain::{audit::Actor, occupancy::TeamPolicy::Together},
    web::metrics::{Access, Metrics},
};

use crate::support::{TestTurnout, plan::request, server::Server, web::site};

const TOKEN: &str = "a-token-that-nobody-guesses";

on_both_databases!(
    routes_are_counted_by_their_pattern_and_nobody_is_named,
    letters_and_places_are_counted_as_they_are,
);

/// The site, measured for whoever `access` lets in.
async fn measured(turnout: &TestTurnout, access: &str) -> Client {
    let access: Access = access.parse().expect("a setting");
    let work = Arc::new(WorkDone::default());
    work.note("share-places", true, turnout.ctx.now());
    let metrics = Metrics::new(access, work).expect("somebody may ask");
    Client::untracked(site(turnout).attach(metrics)).await.expect("a server")
}

/// Asks from an address, with a header.
async fn ask(client: &Client, from: &str, header: Option<(&str, &str)>) -> (Status, String) {
    let mut asked = client.get("/metrics");
    if !from.is_empty() {
        asked = asked.remote(from.parse().expect("an address"));
    }
    if let Some((name, value)) = header {
        asked.add_header(Header::new(name.to_owned(), value.to_owned()));
    }
    let answer = asked.dispatch().await;
    (answer.status(), answer.into_string().await.unwrap_or_default())
}

async fn numbers(client: &Client) -> String {
    let (status, text) = ask(client, "127.0.0.1:9", None).await;
    assert_eq!(status, Status::Ok);
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_may_learns_that_there_is_anything_to_read() {
    let turnout = TestTurnout::on_sqlite().await;
    let off = Client::untracked(site(&turnout)).await.expect("a server");
    assert_eq!(ask(&off, "127.0.0.1:9", None).await.0, Status::NotFound);

    let here = measured(&turnout, "loopback").await;
    for from in ["127.0.0.1:9", "[::1]:9", "[::ffff:127.0.0.1]:9"] {
        assert_eq!(ask(&here, from, None).await.0, Status::Ok, "{from}");
    }
    for from in ["192.0.2.1:9", "[2001:db8::1]:9", "10.0.0.1:9", ""] {
        assert_eq!(ask(&here, from, None).await.0, Status::NotFound, "{from}");
    }
    // A proxy on this machine asks for somebody elsewhere.
    for name in ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"] {
        let handed_on = ask(&here, "127.0.0.1:9", Some((name, "127.0.0.1"))).await.0;
        assert_eq!(handed_on, Status::NotFound, "{name}");
    }

    let there = measured(&turnout, &format!("token:{TOKEN}")).await;
    let with = |header| ask(&there, "192.0.2.1:9", Some(("Authorization", header)));
    assert_eq!(with("Bearer a-token-that-nobody-guesses").await.0, Status::Ok);
    for wrong in ["Bearer a-token-that-nobody-guesse", "Bearer ", "a-token-that-nobody-guesses"] {
        assert_eq!(with(wrong).await.0, Status::NotFound, "{wrong}");
    }
    assert_eq!(ask(&there, "127.0.0.1:9", None).await.0, Status::NotFound);
}

async fn routes_are_counted_by_their_pattern_and_nobody_is_named(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 10, |_| {}).await;
    let asked = request(&session, "Ada Obi", 2, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let client = measured(&turnout, "loopback").await;
    let secret = booked.token.secret();
    for path in [
        "/sessions/S1".to_owned(),
        "/sessions/S1?name=Ada".to_owned(),
        format!("/r/{secret}"),
        format!("/r/{secret}."),
        "/hunter2/ada@example.org".to_owned(),
    ] {
        client.get(path).dispatch().await;
    }
    let text = numbers(&client).await;
    let counted = |labels: &str, count: u32| {
        let line = format!("turnout_http_requests_total{{{labels}}} {count}");
        assert!(text.contains(&line), "no {line} in\n{text}");
    };
    counted(r#"method="GET",route="/sessions/<code>",status="200""#, 2);
    counted(r#"method="GET",route="/r/<token>",status="200""#, 1);
    counted(r#"method="GET",route="none",status="404""#, 1);
    assert!(
        text.contains(r#"turnout_http_request_seconds_bucket{route="/sessions/<code>",le="10"} 2"#)
    );
    let reference = booked.registration.reference.to_string();
    for personal in [secret, "hunter2", "ada", "Ada", "S1", "example.org", &reference] {
        assert!(!text.contains(personal), "{personal} stands in\n{text}");
    }
}

async fn letters_and_places_are_counted_as_they_are(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 3, |_| {}).await;
    let client = measured(&turnout, "loopback").await;
    let before = numbers(&client).await;
    for line in ["turnout_letters_waiting 0", "turnout_letters_oldest_seconds 0"] {
        assert!(before.contains(line), "no {line} in\n{before}");
    }
    for (leader, people) in [("Ada Obi", 2), ("Ruth Okafor", 2)] {
        let asked = request(&session, leader, people, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    turnout.clock.advance(chrono::Duration::seconds(90));
    let after = numbers(&client).await;
    let database = if turnout.url.starts_with("sqlite") { "sqlite" } else { "postgres" };
    for line in [
        r#"turnout_places{state="confirmed"} 2"#,
        r#"turnout_places{state="waiting"} 2"#,
        r#"turnout_places{state="held"} 0"#,
        "turnout_letters_oldest_seconds 90",
        "turnout_letters_given_up 0",
        "turnout_database_up 1",
        "turnout_write_errors_total 0",
        r#"turnout_work_success_timestamp_seconds{work="share-places"} 1798884000"#,
        &format!(r#"turnout_build_info{{version="test",database="{database}"}} 1"#),
    ] {
        assert!(after.contains(line), "no {line} in\n{after}");
    }
    assert!(!after.contains("turnout_letters_waiting 0"), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_said_and_no_old_number_stands_for_a_new_one() {
    let turnout = TestTurnout::on_sqlite().await;
    let client = measured(&turnout, "loopback").await;
    assert!(numbers(&client).await.contains("turnout_letters_waiting"));
    turnout.ctx.store.close().await;
    assert!(turnout.ctx.store.begin().await.is_err());
    let text = numbers(&client).await;
    assert!(text.contains("turnout_database_up 0"), "{text}");
    assert!(text.contains("turnout_write_errors_total 1"), "{text}");
    assert!(!text.contains("turnout_letters") && !text.contains("turnout_places"), "{text}");
}

/// A figure that is renamed would leave a panel empty and an alert silent.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_dashboard_and_the_alerts_name_is_measured() {
    let turnout = TestTurnout::on_sqlite().await;
    let client = measured(&turnout, "loopback").await;
    client.get("/").dispatch().await;
    let text = numbers(&client).await;
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let read = |file: &str| fs::read_to_string(deploy.join(file)).expect("a file");
    let dashboard = read("grafana/turnout.json");
    let panels: serde_json::Value = serde_json::from_str(&dashboard).expect("JSON");
    let panels = panels["panels"].as_array().expect("panels").clone();
    let asked: Vec<_> = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().expect("targets").clone())
        .map(|target| target["expr"].as_str().expect("an expression").to_owned())
        .chain([read("prometheus/turnout-alerts.yml")])
        .collect();
    let named: BTreeSet<&str> = asked
        .iter()
        .flat_map(|expression| expression.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|word| word.starts_with("turnout_") || word.starts_with("process_"))
        .collect();
    assert!(named.len() >= 12, "{named:?}");
    let missing: Vec<_> = named
        .iter()
        .filter(|name| {
            let is_it = |line: &str| {
                line.strip_prefix(**name).is_some_and(|rest| rest.starts_with(['{', ' ']))
            };
            !text.lines().any(is_it)
        })
        .collect();
    assert!(missing.is_empty(), "not measured: {missing:?} in\n{text}");
    assert_eq!(read("prometheus/turnout-alerts.yml").matches("- alert:").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_itself_measures_its_work_for_this_machine_alone() {
    let turnout = TestTurnout::on_sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("TURNOUT_METRICS", "loopback")];
    let server = Server::start_with(&turnout.url, folder.path(), &settings).await;
    let through_a_proxy = server.get("/metrics", &[("X-Forwarded-For", "192.0.2.1")]).await;
    assert_eq!(through_a_proxy.expect("an answer").0, 404);
    loop {
        let (status, text) = server.get("/metrics", &[]).await.expect("an answer");
        assert_eq!(status, 200);
        if text.contains(r#"turnout_work_success_timestamp_seconds{work="deliver-letters"}"#) {
            assert!(text.contains("process_resident_memory_bytes") || !cfg!(target_os = "linux"));
            break;
        }
        tokio::task::yield_now().await;
    }
}
