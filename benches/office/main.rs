//! How long an office page takes with 50,000 people and 5,000 sessions: `cargo bench --bench office`.
//!
//! Each page is asked for in this process, one after the other, as a signed-in administrator; medians
//! in milliseconds, beside the sign-in page, which touches no list.

mod crowd;

use std::{sync::Arc, time::Instant};

use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        ActionContext,
        staff::{
            add_account::{AccountDetails, add_account},
            sign_in::print_sign_in_link,
        },
    },
    cli::setup,
    config::Config,
    domain::{audit::Actor, staff::Role, text::Name},
    store::{Store, create_postgres_database},
    token::{SystemRandom, secret_uuid},
    web::{self, Desk, page::Office},
};

/// What is asked for, and how often.
const PAGES: &[&str] = &[
    "/sign-in",
    "/office",
    "/office/sessions",
    "/office/sessions?q=session+41&stage=all",
    "/office/sessions?stage=past&page=40",
    "/office/sessions/C100",
    "/office/sessions/C100/bookings",
    "/office/sessions/C100/pledges",
    "/office/people",
    "/office/people?q=person+4242",
    "/office/people?page=900",
    "/office/institutions",
    "/office/letters?progress=sent",
    "/office/audit",
    "/office/turnout",
    "/office/turnout?by=session",
    "/office/turnout.xlsx",
    "/trainer",
    "/trainer/sessions/C100/roster",
    "/trainer/sessions/C100/roster.xlsx",
];
const ROUNDS: usize = 9;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = format!("sqlite://{}/turnout.db", folder.path().display());
    let mut columns = vec![("SQLite", measure(&sqlite).await)];
    if let Ok(server) = std::env::var("TURNOUT_TEST_POSTGRES") {
        let name = format!("turnout_bench_{}", secret_uuid(&SystemRandom).simple());
        let (base, _) = server.rsplit_once('/').expect("a database in the URL");
        create_postgres_database(&server, &name).await.expect("a database");
        columns.push(("PostgreSQL", measure(&format!("{base}/{name}")).await));
    }
    let heads: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    println!("| Page | {} |\n|---|{}", heads.join(", ms | ") + ", ms", "---|".repeat(heads.len()));
    for (at, path) in PAGES.iter().enumerate() {
        let times: Vec<String> =
            columns.iter().map(|(_, times)| format!("{:.1}", times[at])).collect();
        println!("| `{path}` | {} |", times.join(" | "));
    }
}

/// The median time of each page, in milliseconds.
async fn measure(url: &str) -> Vec<f64> {
    let store = Store::open(url).await.expect("a database");
    store.migrate().await.expect("tables");
    let config = Config { public_url: "http://127.0.0.1".to_owned(), ..Config::default() };
    let ctx = setup::context(&config, store).expect("a context");
    crowd::gather(&ctx).await;
    let browser = signed_in(&ctx).await;
    let mut times = vec![Vec::new(); PAGES.len()];
    for _ in 0..ROUNDS {
        for (path, times) in PAGES.iter().zip(&mut times) {
            let began = Instant::now();
            let answer = browser.get(*path).dispatch().await;
            let status = answer.status().code;
            let bytes = answer.into_bytes().await.unwrap_or_default();
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            assert!(status == 200 && !bytes.is_empty(), "{path}: {status}");
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

async fn signed_in(ctx: &ActionContext) -> Client {
    let details = AccountDetails {
        name: Name::parse("Ada Obi").expect("a name"),
        email: "ada@example.org".parse().expect("an address"),
        role: Role::Administrator,
        alliances: vec![],
    };
    add_account(ctx, &Actor::CommandLine, details).await.expect("an account");
    let email = "ada@example.org".parse().expect("an address");
    let link = print_sign_in_link(ctx, &email).await.expect("a link").expect("an account");
    let path = link.strip_prefix("http://127.0.0.1").expect("our address").to_owned();
    let office =
        Office { phone: "020 7946 0142".to_owned(), email: "office@example.org".to_owned() };
    let desk = Desk {
        ctx: ctx.clone(),
        office,
        demo_mailbox: None,
        limits: None,
        answers: Arc::default(),
    };
    let figment = Config::figment()
        .merge(("log_level", "off"))
        .merge(("secret_key", "0707070707070707070707070707070707070707070707070707070707070707"));
    let browser = Client::tracked(web::rocket(figment, desk)).await.expect("a server");
    assert_eq!(browser.post(path).dispatch().await.status().code, 303);
    browser
}
