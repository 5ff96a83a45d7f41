//! How long an office page takes with 50,000 people and 5,000 sessions: `cargo bench --bench office`.
//!
//! Each page is asked for in this process, one after the other, as a signed-in administrator, as the
//! organiser of one alliance of twenty, and as that of an alliance of which there is nothing yet; medians
//! in milliseconds, beside the sign-in page, which touches no list.
//!
//! `TURNOUT_BENCH_REGISTRATIONS=1000000` measures with so many past registrations instead, which the
//! database writes itself in some minutes. `TURNOUT_BENCH_KEEP=folder` keeps the databases and uses
//! those that are there; PostgreSQL's is called `turnout_bench_kept`.

mod crowd;
mod history;
mod rush;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        ActionContext,
        catalogue::write_catalogue::add_alliance,
        door::count_turnout::count_turnout,
        staff::{
            add_account::{AccountDetails, add_account},
            sign_in::print_sign_in_link,
        },
    },
    cli::setup,
    config::Config,
    domain::{
        alliance::Alliance, audit::Actor, contact::EmailAddress, id::AllianceSlug, staff::Role,
        text::Name,
    },
    store::{Store, catalogue, create_postgres_database},
    token::{SystemRandom, secret_uuid},
    web::{self, Desk, DeskParts, page::Office},
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
    "/office/people?page=450",
    "/office/institutions",
    "/office/letters",
    "/office/letters?progress=sent",
    "/office/letters?progress=sent&page=900",
    "/office/letters?progress=sent&page=9000",
    "/office/letters?progress=returned",
    "/office/letters?progress=queued",
    "/office?show=later",
    "/office/season",
    "/office/season?view=term",
    "/office/venues",
    "/office/bookings",
    "/office/bookings?page=300",
    "/office/bookings?q=person+4242",
    "/office/supports",
    "/office/wording",
    "/office/messages",
    "/office/import",
    "/office/sheets",
    "/office/requests",
    "/office/audit",
    "/office/audit?page=900",
    "/office/audit?page=9000",
    "/office/audit?session=C100",
    "/office/audit?actor=leader",
    "/office/replies",
    "/office/typed-institutions",
    "/office/institutions/I7",
    "/office/sessions/C100/requests",
    "/office/sessions/C100/feedback",
    "/office/sessions/C100/message",
    "/office/courses",
    "/office/accounts",
    "/office/turnout",
    "/office/turnout?by=session",
    "/office/turnout.xlsx",
    "/trainer",
    "/trainer/sessions/C100/roster",
    "/trainer/sessions/C100/roster.xlsx",
];
const ROUNDS: usize = 9;
/// No page is asked for again after so long.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = std::env::var("TURNOUT_BENCH_KEEP").ok();
    let place = kept.clone().unwrap_or_else(|| folder.path().display().to_string());
    let mut columns = vec![("SQLite", measure(&format!("sqlite://{place}/turnout.db")).await)];
    if let Ok(server) = std::env::var("TURNOUT_TEST_POSTGRES") {
        let mut name = format!("turnout_bench_{}", secret_uuid(&SystemRandom).simple());
        if kept.is_some() {
            "turnout_bench_kept".clone_into(&mut name);
        }
        let (base, _) = server.rsplit_once('/').expect("a database in the URL");
        let made = create_postgres_database(&server, &name).await;
        assert!(made.is_ok() || kept.is_some(), "a database");
        columns.push(("PostgreSQL", measure(&format!("{base}/{name}")).await));
    }
    let mut heads = String::new();
    for (name, _) in &columns {
        heads.push_str(&format!("{name}, ms | organiser | new alliance | "));
    }
    println!("| Page | {}\n|---|{}", heads.trim_end(), "---|---|---|".repeat(columns.len()));
    for (at, path) in PAGES.iter().enumerate() {
        let mut line = String::new();
        for (_, times) in &columns {
            let [all, own, new] = times;
            line.push_str(&format!("{:.1} | {:.1} | {:.1} | ", all[at], own[at], new[at]));
        }
        println!("| `{path}` | {}", line.trim_end());
    }
}

/// The median time of each page, in milliseconds: an administrator's, an organiser's, and that of an organiser
/// who has nothing yet, for whom no list may be walked to its end.
async fn measure(url: &str) -> [Vec<f64>; 3] {
    let store = Store::open(url).await.expect("a database");
    store.migrate().await.expect("tables");
    let config = Config { public_url: "http://127.0.0.1".to_owned(), ..Config::default() };
    let ctx = setup::context(&config, store).expect("a context");
    let mut conn = ctx.store.read().await.expect("a connection");
    let is_new = catalogue::alliances(&mut conn).await.expect("a list").is_empty();
    drop(conn);
    if is_new {
        match std::env::var("TURNOUT_BENCH_REGISTRATIONS") {
            Ok(past) => history::write(url, past.parse().expect("a number"), ctx.now()).await,
            Err(_) => crowd::gather(&ctx).await,
        }
        // What is searched for is found by keys that the program writes.
        ctx.store.fill_keys().await.expect("keys");
    }
    // As the jobs of a running site would, once.
    while count_turnout(&ctx).await.expect("a count") {}
    let everywhere = pages(&signed_in(&ctx, "ada", Role::Administrator, vec![]).await).await;
    let alliance = "alliance-1".parse().expect("a slug");
    let own = pages(&signed_in(&ctx, "olu", Role::Organiser, vec![alliance]).await).await;
    let alliance = alliance_without_anything(&ctx).await;
    let new = pages(&signed_in(&ctx, "nia", Role::Organiser, vec![alliance]).await).await;
    if let Some(words) = rush::cancel(&ctx).await {
        eprintln!("{words}");
    }
    [everywhere, own, new]
}

/// An alliance that has no session, made where the database is new.
async fn alliance_without_anything(ctx: &ActionContext) -> AllianceSlug {
    const NAME: &str = "Nothing yet";
    let mut conn = ctx.store.read().await.expect("a connection");
    let all = catalogue::alliances(&mut conn).await.expect("a list");
    drop(conn);
    if let Some(known) = all.iter().find(|one| one.name == NAME) {
        return known.slug.clone();
    }
    let new = Alliance { name: NAME.to_owned(), ..all[0].clone() };
    add_alliance(ctx, &Actor::CommandLine, &new, None).await.expect("an alliance")
}

/// The median time of each page, in milliseconds.
async fn pages(browser: &Client) -> Vec<f64> {
    let mut medians = Vec::new();
    for path in PAGES {
        let mut times = Vec::new();
        let first = Instant::now();
        while times.len() < ROUNDS && (times.is_empty() || first.elapsed() < PATIENCE) {
            let began = Instant::now();
            let answer = browser.get(*path).dispatch().await;
            let status = answer.status().code;
            let bytes = answer.into_bytes().await.unwrap_or_default();
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            // An organiser does not see each of them, and her lists have fewer pages.
            assert!(matches!(status, 200 | 403 | 404) && !bytes.is_empty(), "{path}: {status}");
        }
        times.sort_by(f64::total_cmp);
        medians.push(times[times.len() / 2]);
    }
    medians
}

/// A browser in which somebody of this login and role is signed in.
async fn signed_in(
    ctx: &ActionContext,
    login: &str,
    role: Role,
    alliances: Vec<AllianceSlug>,
) -> Client {
    let email: EmailAddress = format!("{login}@example.org").parse().expect("an address");
    let details = AccountDetails {
        name: Name::parse(login).expect("a name"),
        email: email.clone(),
        role,
        alliances,
    };
    // There already where the databases were kept.
    let _ = add_account(ctx, &Actor::CommandLine, details, None).await;
    let link = print_sign_in_link(ctx, &email).await.expect("a link").expect("an account");
    let path = link.strip_prefix("http://127.0.0.1").expect("our address").to_owned();
    let office =
        Office { phone: "020 7946 0142".to_owned(), email: "office@example.org".to_owned() };
    let desk = Desk::new(DeskParts {
        ctx: ctx.clone(),
        office,
        demo_mailbox: None,
        limits: None,
        answers: Arc::default(),
    });
    let figment = Config::figment()
        .merge(("log_level", "off"))
        .merge(("secret_key", "0707070707070707070707070707070707070707070707070707070707070707"));
    let browser = Client::tracked(web::rocket(figment, desk)).await.expect("a server");
    assert_eq!(browser.post(path).dispatch().await.status().code, 303);
    browser
}
