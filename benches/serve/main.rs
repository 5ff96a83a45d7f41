//! How fast Turnout serves, as ratios to a bare Rocket in the same run: `cargo bench`; only how many bookings it takes:
//! `cargo bench --bench serve -- bookings`.
//!
//! Prints a markdown table; docs/performance.md keeps one. Everything is on loopback, with the load
//! generator on the same cores.

mod load;
mod machine;
mod season;
mod servers;

use std::time::Duration;

use servers::Server;

const ROUNDS: usize = 5;
const WINDOW: Duration = Duration::from_millis(1000);
const CLIENTS: usize = 32;

/// Something measured in every round.
struct Row {
    name: String,
    port: u16,
    /// A bare Rocket's answer of the same size.
    hello: Option<(u16, usize)>,
    clients: usize,
    expected: u16,
    ask: load::Ask,
}

#[tokio::main]
async fn main() {
    if std::env::var_os("SAY_HELLO").is_some() {
        return servers::say_hello().await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = format!("sqlite://{}/turnout.db", folder.path().display());
    season::plan(&sqlite).await;
    let hello = Server::hello().await;
    let server = Server::turnout(&sqlite, folder.path()).await;
    println!(
        "Ready {} ms after its start, on a database of 5,589 sessions.",
        server.ready_after.as_millis()
    );
    machine::until_idle().await;
    println!("Resident before the load: {:.0} MiB.\n", server.resident());

    if !std::env::args().any(|argument| argument == "bookings") {
        let rows = rows(&hello, &server).await;
        println!("| What | requests/s | bare Rocket, same size | ratio |\n|---|---|---|---|");
        measure(rows).await;
        println!("\nResident after it: {:.0} MiB.\n", server.resident());
    }

    let synced = machine::synced_writes(folder.path());
    println!(
        "This disk makes {synced:.0} writes of 4 KiB durable per second, one after the other."
    );
    let limit = machine::sqlite_commits(folder.path()).await;
    println!("SQLite commits a single row {limit:.0} times a second.\n");
    println!("{BOOKINGS}");
    bookings("SQLite", &server, limit).await;
    println!("\nResident after them: {:.0} MiB.", server.resident());
    // It would still recognise the people of those bookings.
    drop(server);
    if let Ok(url) = std::env::var("TURNOUT_TEST_POSTGRES") {
        let database = season::on_postgres(&url).await;
        let limit = machine::postgres_commits(&database, 16).await;
        println!("PostgreSQL commits a single row {limit:.0} times a second, for 16 at once.\n");
        let server = Server::turnout(&database, folder.path()).await;
        load::rate(server.port, 8, WINDOW, 201, load::book(9, "before")).await;
        machine::count_tables(&database).await;
        machine::until_idle().await;
        println!("{BOOKINGS}");
        bookings("PostgreSQL", &server, limit).await;
    }
}

const BOOKINGS: &str = "| Bookings by the API, each durable | per second | of the limit |
|---|---|---|";

/// What is measured: a bare Rocket, then pages and feeds.
async fn rows(hello: &Server, server: &Server) -> Vec<Row> {
    let mut rows = vec![Row {
        name: "bare Rocket, 13 bytes".to_owned(),
        port: hello.port,
        hello: None,
        clients: CLIENTS,
        expected: 200,
        ask: load::get("/13", ""),
    }];
    for (name, path, headers) in [
        ("catalogue", "/", ""),
        ("catalogue, compressed", "/", "Accept-Encoding: gzip\r\n"),
        ("session page", "/sessions/B1", ""),
        ("calendar file of a session", "/sessions/B1.ics", ""),
        ("list of the API", "/api/v1/sessions", ""),
        ("news as Atom", "/feeds/new.atom", ""),
        ("feed of 50 events", "/feeds/alliances/fifty.ics", ""),
        ("feed of 500 events", "/feeds/alliances/five-hundred.ics", ""),
        ("feed of 5,000 sessions, 1,000 events", "/feeds/alliances/five-thousand.ics", ""),
    ] {
        let (bytes, etag) = load::once(server.port, path, headers).await.expect("an answer");
        rows.push(Row {
            name: format!("{name}, {bytes} bytes"),
            port: server.port,
            hello: Some((hello.port, bytes)),
            clients: CLIENTS,
            expected: 200,
            ask: load::get(path, headers),
        });
        if path.starts_with("/feeds/") && path.contains("five-h") {
            let known = format!("If-None-Match: {etag}\r\n");
            rows.push(Row {
                name: format!("{name}, unchanged (304)"),
                port: server.port,
                hello: Some((hello.port, 0)),
                clients: CLIENTS,
                expected: 304,
                ask: load::get(path, &known),
            });
        }
    }
    rows
}

/// Rounds are taken in turn, so that a busy moment hits all rows alike; medians are printed.
async fn measure(rows: Vec<Row>) {
    let mut rates: Vec<(Vec<f64>, Vec<f64>)> = rows.iter().map(|_| (vec![], vec![])).collect();
    for _ in 0..ROUNDS {
        for (row, (ours, bare)) in rows.iter().zip(&mut rates) {
            // One answer first: what is measured is what is kept, not the one drawing.
            let warm = Duration::from_millis(1);
            load::rate(row.port, 1, warm, row.expected, row.ask.clone()).await;
            let rate = load::rate(row.port, row.clients, WINDOW, row.expected, row.ask.clone());
            ours.push(rate.await);
            if let Some((port, bytes)) = row.hello {
                let ask = load::get(&format!("/{bytes}"), "");
                bare.push(load::rate(port, row.clients, WINDOW, 200, ask).await);
            }
        }
    }
    for (row, (ours, bare)) in rows.iter().zip(rates) {
        let (name, ours) = (&row.name, median(ours));
        if bare.is_empty() {
            println!("| {name} | {ours:.0} | | |");
        } else {
            let bare = median(bare);
            println!("| {name} | {ours:.0} | {bare:.0} | {:.2} |", ours / bare);
        }
    }
}

/// Everybody wants the same session, which is the worst that can happen to its lock; or they book
/// nine at once, as on a real evening.
async fn bookings(database: &str, server: &Server, limit: f64) {
    for (name, sessions) in [("one session", 1), ("nine sessions", 9)] {
        for clients in [1, 8, 32] {
            let mut rates = Vec::new();
            for round in 0..3 {
                let run = format!("{sessions}-{clients}-{round}");
                let ask = load::book(sessions, &run);
                rates.push(load::rate(server.port, clients, WINDOW, 201, ask).await);
            }
            let rate = median(rates);
            let share = rate / limit;
            println!("| {database}, {name}, {clients} clients | {rate:.0} | {share:.2} |");
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
