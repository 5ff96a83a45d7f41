//! How fast letters leave, to a mail server of our own on loopback: `cargo bench --bench letters`.
//!
//! Prints a markdown table; docs/performance.md keeps one. Turnout is a process of its own, as it
//! is run for real. On PostgreSQL too where `TURNOUT_TEST_POSTGRES` names a server.

#[path = "../serve/load.rs"]
#[expect(dead_code, reason = "the benchmark of pages asks more of it")]
mod load;
#[path = "../../tests/it/support/mail_server.rs"]
#[expect(dead_code, reason = "the tests ask more of it")]
mod mail_server;
mod outbox;
#[path = "../serve/season.rs"]
mod season;
#[path = "../serve/servers.rs"]
#[expect(dead_code, reason = "the benchmark of pages asks more of it")]
mod servers;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpStream,
};

use mail_server::{MailServer, Manners};
use servers::Server;
use turnout::domain::letter::LetterKind;

/// How long a slow server takes over each letter.
const SLOW: Duration = Duration::from_millis(250);

/// How many letters wait before the link.
const BEFORE_THE_LINK: usize = 10_000;

/// How many book at once, and how often each.
const CLIENTS: usize = 8;
const BOOKINGS_EACH: usize = 25;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!("| Letters | Database | |\n|---|---|---|");
    let sqlite = format!("sqlite://{}/turnout.db", folder.path().display());
    season::plan(&sqlite).await;
    measure("SQLite", &sqlite, folder.path()).await;
    if let Ok(url) = std::env::var("TURNOUT_TEST_POSTGRES") {
        let postgres = season::on_postgres(&url).await;
        measure("PostgreSQL", &postgres, folder.path()).await;
    }
}

async fn measure(database: &str, url: &str, folder: &Path) {
    let fast = rate(url, folder, Duration::ZERO, 5_000).await;
    println!("| to a server that takes each at once | {database} | {fast:.0} a second |");
    let slow = rate(url, folder, SLOW, 400).await;
    println!("| to a server that takes 0.25 s over each | {database} | {slow:.1} a second |");
    let link = link_behind_many(url, folder).await;
    println!("| a sign-in link behind 10,000 | {database} | {:.1} s |", link.as_secs_f64());
    let last = last_of_a_rush(url, folder).await;
    println!("| the last letter of 200 bookings | {database} | {:.1} s |", last.as_secs_f64());
}

/// Letters a second, with `count` of them waiting when Turnout starts.
async fn rate(url: &str, folder: &Path, pace: Duration, count: usize) -> f64 {
    let mail = MailServer::start(Manners { pace, ..Manners::default() }).await;
    outbox::fill(url, LetterKind::BookingConfirmed, count).await;
    let _turnout = Server::mailing_to(url, folder, &mail.url).await;
    wait_for(&mail, count).await;
    let taken = mail.taken();
    // The first letters leave while the program is still starting.
    let skipped = count / 10;
    let took = taken[count - 1].at - taken[skipped].at;
    (count - 1 - skipped) as f64 / took.as_secs_f64()
}

/// From the moment a link is written until it is there.
async fn link_behind_many(url: &str, folder: &Path) -> Duration {
    let mail = MailServer::start(Manners { pace: SLOW, ..Manners::default() }).await;
    outbox::fill(url, LetterKind::Message, BEFORE_THE_LINK).await;
    let _turnout = Server::mailing_to(url, folder, &mail.url).await;
    wait_for(&mail, 50).await;
    let began = Instant::now();
    outbox::write_link(url, "staff@example.org").await;
    let arrived = loop {
        let link = mail.taken().into_iter().find(|one| one.to == "staff@example.org");
        match link {
            Some(link) => break link.at - began,
            None => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    assert!(mail.count() < BEFORE_THE_LINK, "the link overtook the others");
    outbox::empty(url).await;
    arrived
}

/// From the answer to the last of 200 bookings until all their letters are there.
async fn last_of_a_rush(url: &str, folder: &Path) -> Duration {
    let mail = MailServer::start(Manners::default()).await;
    let turnout = Server::mailing_to(url, folder, &mail.url).await;
    let clients = (0..CLIENTS).map(|client| tokio::spawn(book(turnout.port, client)));
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a client");
    }
    let answered = Instant::now();
    // A letter to each leader, and an invite to whoever comes.
    wait_for(&mail, 2 * CLIENTS * BOOKINGS_EACH).await;
    mail.taken().last().map_or(Duration::ZERO, |last| last.at.saturating_duration_since(answered))
}

async fn book(port: u16, client: usize) {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut stream = BufReader::new(stream);
    for number in 0..BOOKINGS_EACH {
        let body = format!(
            "{{\"leader\":{{\"name\":\"Ruth Okafor\",\"email\":\"l{client}.{number}@example.org\"}},\
             \"places\":[{{\"name\":\"Kwame Mensah\",\"email\":\"k{client}.{number}@example.org\"}}]}}"
        );
        let request = format!(
            "POST /api/v1/sessions/B{}/registrations HTTP/1.1\r\nHost: 127.0.0.1\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            1 + client,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("a request");
        assert_eq!(load::answer(&mut stream).await, 201, "{request}");
    }
}

async fn wait_for(mail: &MailServer, count: usize) {
    let began = Instant::now();
    while mail.count() < count {
        assert!(began.elapsed() < Duration::from_secs(300), "{} of {count}", mail.count());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
