//! What the program itself says of the requests it gets: a line for each, and nothing in any line that
//! opens anything, whatever the address looks like.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    time::{Duration as Wait, Instant},
};

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{
    TestTurnout,
    server::{OUTPUT, Server},
};

/// Everything that whoever got letters could follow: the last part of each private address.
fn secrets_in(text: &str) -> HashSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let runs = text.split(|c: char| !is_part(c)).filter(|run| run.len() == 26);
    runs.map(str::to_owned).collect()
}

/// Ways in which people, programs and those who mean harm write an address with a secret.
fn shapes(secret: &str) -> Vec<(&'static str, String)> {
    let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (head, tail) = secret.split_at(13);
    let mut all = Vec::new();
    for start in ["/r/", "/p/", "/e/", "/offers/", "/feeds/p/", "/sign-in/"] {
        for end in
            ["", ".", ")", "%3E", "/", "/extra", "/booked", "/places/1", ".ics", ",", "%20", "?"]
        {
            all.push(("GET", format!("{start}{secret}{end}")));
        }
        for method in ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW"] {
            all.push((method, format!("{start}{secret}")));
        }
    }
    for path in [
        format!("/R/{secret}"),
        format!("//r/{secret}"),
        format!("/r//{secret}"),
        format!("/%72/{secret}"),
        format!("/%2572/{secret}"),
        format!("/r%2F{secret}"),
        format!("/r/{encoded}"),
        format!("/r/{}", secret.to_uppercase()),
        format!("/r/{head}/{tail}"),
        format!("/r/{secret}{secret}"),
        format!("/./r/{secret}"),
        format!("/x/../r/{secret}"),
        format!("/{secret}"),
        format!("/r{secret}"),
        format!("/static/{secret}"),
        format!("/sessions/{secret}"),
        format!("/sessions/S1/register/{secret}/people"),
        format!("/api/v1/sessions/{secret}/registrations"),
        format!("/api/v1/{secret}"),
        format!("/office/letters/{secret}"),
        format!("/?q={secret}"),
        format!("/sessions/S1?from=/r/{secret}"),
        format!("/lost-link?{secret}"),
        format!("http://turnout.example/r/{secret}"),
        format!("/r/<{secret}>"),
        format!("/r/{secret}\\"),
        format!("/r/%ff{secret}"),
    ] {
        all.push(("GET", path));
    }
    all
}

/// Whether a line has the secret, or most of it, however it is written.
fn tells(line: &str, secret: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let encoded = secret.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    [&secret[..13], &secret[13..], &encoded[..39]].iter().any(|part| line.contains(part))
}

async fn begun(folder: &Path, settings: &[(&str, &str)]) -> (Server, HashSet<String>) {
    let url = format!("sqlite://{}/turnout.db", folder.display());
    let turnout = TestTurnout::at(&url).await;
    let turnout = turnout.season().await;
    let starts = (turnout.ctx.now() + Duration::days(28)).naive_utc();
    let sitting = turnout.sitting(1, starts);
    turnout.plan("S1", "first", 9, |session| session.sittings = vec![sitting]).await;
    turnout.ctx.store.close().await;
    let server = Server::start_heard(&url, folder, settings).await;
    let body = json!({
        "leader": {"name": "Kwame Mensah", "email": "kwame@example.org"},
        "places": [{"name": "Kwame Mensah", "email": "kwame@example.org"}],
    });
    let answer = server.book("S1", "a-key-of-the-log-lines", &body).await;
    let (status, answer) = answer.expect("an answer");
    assert_eq!(status, 201, "{answer}");
    let mut secrets = secrets_in(answer["manage_url"].as_str().expect("a link"));
    let end = Instant::now() + Wait::from_secs(20);
    while secrets.len() < 2 && Instant::now() < end {
        let letters = fs::read_dir(folder.join("mail")).into_iter().flatten().flatten();
        let texts = letters.filter_map(|file| fs::read_to_string(file.path()).ok());
        secrets.extend(texts.flat_map(|text| secrets_in(&text.replace("=\r\n", ""))));
        tokio::task::yield_now().await;
    }
    assert!(secrets.len() >= 2, "{secrets:?}");
    (server, secrets)
}

async fn nothing_in_the_log_opens_anything(settings: &[(&str, &str)]) -> (String, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, secrets) = begun(folder.path(), settings).await;
    let secret = secrets.iter().next().expect("a secret").clone();
    let mut ids = HashSet::new();
    let mut asked = 0;
    for (method, path) in shapes(&secret) {
        let body = "_method=put&x=1";
        let answer = server
            .exchange(&format!(
                "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
                 Referer: https://turnout.example/r/{secret}\r\nUser-Agent: told-by-{secret}\r\n\
                 X-Request-Id: {secret}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            ))
            .await;
        let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: "));
        // What is no HTTP at all never reaches us.
        if let Some(id) = id {
            asked += 1;
            assert!(ids.insert(id.to_owned()), "twice: {id}");
        } else {
            assert!(answer.starts_with("HTTP/1.1 400"), "{method} {path}: {answer}");
        }
    }
    server.kill();
    let log = fs::read_to_string(folder.path().join(OUTPUT)).expect("what it said");
    for line in log.lines() {
        for secret in &secrets {
            assert!(!tells(line, secret), "{line}");
        }
        assert!(!line.contains("ERROR") && !line.contains("WARN"), "{line}");
        assert!(!line.contains("127.0.0.1:") && !line.contains("told-by"), "{line}");
    }
    for id in ids {
        assert_eq!(
            log.lines().filter(|line| line.contains(&format!("\"{id}\""))).count(),
            1,
            "{id}"
        );
    }
    (log, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_log_opens_anything_whatever_was_asked_for() {
    let (log, asked) = nothing_in_the_log_opens_anything(&[]).await;
    assert!(asked > 130, "{asked}");
    assert!(log.contains(" path=\"/r/***\" "), "{log}");
    assert!(log.contains("INFO turnout::access: answered method=DELETE"), "{log}");
    assert!(log.contains(" status=400 "), "what cannot be read leaves a line too: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_when_rocket_and_everybody_else_may_say_all_they_know() {
    for level in ["debug", "trace", "trace,rocket=trace,hyper=trace"] {
        let settings = [("ROCKET_LOG_LEVEL", "debug"), ("TURNOUT_LOG_LEVEL", level)];
        nothing_in_the_log_opens_anything(&settings).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_reads_a_line_of_json_for_each_request() {
    let (log, asked) = nothing_in_the_log_opens_anything(&[("TURNOUT_LOG", "json")]).await;
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answered = lines.iter().filter(|line| line["target"] == json!("turnout::access"));
    let answered: Vec<&Value> = answered.map(|line| &line["fields"]).collect();
    assert!(answered.len() > asked, "{log}");
    for line in answered {
        assert!(line["status"].is_u64() && line["ms"].is_u64(), "{line}");
        assert!(line["method"].is_string() && line["path"].is_string(), "{line}");
        assert!(line["id"].is_string(), "{line}");
    }
}
