//! Whoever gets hold of the database, its log or a backup opens nothing with it: no secret of a private
//! link, of a sign-in, of a feed or of an attempt stands there, at any time.

use std::{collections::BTreeSet, path::Path};

use chrono::Duration;
use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use serde_json::json;
use sqlx::Connection as _;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
            change_leader::change_leader,
        },
        letters::{
            recover_links::recover_links, remind::remind, renew_links::renew_links,
            retry_letter::retry_letter,
        },
        staff::sign_in::request_sign_in,
    },
    domain::{
        audit::Actor,
        id::{LetterId, RegistrationId},
        letter::{CalendarMethod, CalendarPart, Letter, LetterKind},
        occupancy::TeamPolicy::Together,
        registration::Leader,
        staff::Role,
    },
    mail::reading::ReadLetter,
    store::{
        Store, Window, enqueue,
        letter_search::{self, Progress},
        outbox::{self, About},
    },
    token::Token,
};

use crate::support::{
    TestTurnout,
    browser::page,
    everything,
    plan::{attendee, leader, request},
};

on_both_databases!(
    a_used_database_holds_no_secret,
    nor_while_a_new_link_is_on_its_way,
    a_letter_that_was_given_up_and_tried_again_opens_what_it_should,
    what_ended_while_its_letter_waited_stays_ended,
    letters_of_versions_before_are_written_anew_without_secrets,
);

/// What may be the secret of something.
fn secrets_in(text: &str, found: &mut BTreeSet<String>) {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    found.extend(runs.filter(|run| run.parse::<Token>().is_ok()).map(str::to_owned));
}

/// Everything that somebody saw.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    async fn letters(&mut self, turnout: &TestTurnout) -> Vec<ReadLetter> {
        let letters = turnout.letters().await;
        for letter in &letters {
            let calendar = letter.calendar.clone().unwrap_or_default();
            let calendar = String::from_utf8(calendar).expect("text").replace("\r\n ", "");
            let attached = letter.attached.clone().unwrap_or_default();
            for text in [&letter.text, &letter.html, &calendar, &attached] {
                secrets_in(text, &mut self.0);
            }
        }
        letters
    }

    /// What a page or an answer of the API shows, and where it leads.
    async fn post(&mut self, client: &Client, path: &str, body: &str) -> Status {
        let mut asked = client.post(path.to_owned()).body(body);
        asked.add_header(if body.starts_with('{') { ContentType::JSON } else { ContentType::Form });
        asked.add_header(Header::new("Idempotency-Key", "0123456789abcdefghjkmnpqrs"));
        let answer = asked.dispatch().await;
        let status = answer.status();
        for header in answer.headers().iter() {
            secrets_in(header.value(), &mut self.0);
        }
        secrets_in(&answer.into_string().await.unwrap_or_default(), &mut self.0);
        status
    }

    async fn open(&mut self, client: &Client, path: &str) {
        secrets_in(&page(client, path).await, &mut self.0);
    }
}

/// The file of a database on SQLite, as it stands on the disk.
fn file(turnout: &TestTurnout) -> Option<&Path> {
    turnout.url.strip_prefix("sqlite://").map(Path::new)
}

/// Every place where something could have been written down.
async fn written(turnout: &TestTurnout) -> Vec<(String, String)> {
    let rows = everything(turnout).await;
    let mut all: Vec<_> = rows.into_iter().map(|(table, rows)| (table, rows.join("\n"))).collect();
    if let Some(file) = file(turnout) {
        let copy = file.with_extension("copy");
        let _ = std::fs::remove_file(&copy);
        Store::copy_sqlite(file, &copy).await.expect("a copy");
        for name in [file.to_owned(), file.with_extension("db-wal"), copy] {
            let bytes = std::fs::read(&name).unwrap_or_default();
            all.push((name.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    all
}

async fn holds_none(turnout: &TestTurnout, seen: &Seen) {
    for (place, text) in written(turnout).await {
        let mut found = BTreeSet::new();
        secrets_in(&text, &mut found);
        let known: Vec<_> = found.intersection(&seen.0).collect();
        assert!(known.is_empty(), "{place} holds {} of {}", known.len(), seen.0.len());
        for start in ["/r/", "/p/", "/e/", "/sign-in/", "/feeds/p/"] {
            let mut after = text.match_indices(start).map(|(at, _)| &text[at + start.len()..]);
            let opens =
                |part: &str| part.get(..26).is_some_and(|part| part.parse::<Token>().is_ok());
            assert!(!after.any(opens), "{place}: something behind {start}");
        }
    }
}

/// The ids of the letters that came so far.
async fn ids(turnout: &TestTurnout, progress: Progress) -> Vec<LetterId> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { limit: 100, offset: 0 };
    let found = letter_search::search(&mut conn, progress, None, window).await.expect("letters");
    found.into_iter().map(|letter| letter.id).collect()
}

/// Gives up all that waits.
async fn give_up(turnout: &TestTurnout) {
    let waiting = ids(turnout, Progress::Queued).await;
    assert!(!waiting.is_empty());
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for id in waiting {
        let why = "550 no: https://turnout.example/r/0123456789abcdefghjkmnpqrs";
        outbox::mark_failed(&mut tx, id, why, None, turnout.ctx.now()).await.expect("a write");
    }
    tx.commit().await.expect("a commit");
}

async fn used(turnout: &TestTurnout, seen: &mut Seen) -> (Client, Client) {
    let trainer = turnout.account("amina", Role::Trainer, &[]).await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let small = turnout.plan("S2", "first", 1, |_| {}).await;
    let visitor = turnout.browser().await;
    let body = json!({
        "leader": {"name": "Kwame Mensah", "email": "kwame@example.org"},
        "places": [{"name": "Kwame Mensah", "email": "kwame@example.org"},
                   {"name": "Lea Roth", "email": "lea@example.org"}],
    });
    for _ in 0..2 {
        let path = "/api/v1/sessions/S1/registrations";
        assert_eq!(seen.post(&visitor, path, &body.to_string()).await, Status::Created);
    }
    seen.open(&visitor, "/sessions/S1/register").await;
    let form = "places=1&self=yes&name=Ada+Obi&email=ada%40example.org&tel=&institution=none\
                &attempt=1123456789abcdefghjkmnpqrs";
    seen.post(&visitor, "/sessions/S1/register", form).await;
    seen.0.insert("1123456789abcdefghjkmnpqrs".to_owned());
    let first =
        book_places(&turnout.ctx, &Actor::Api, request(&small, "Ada Obi", 1, Together)).await;
    let mut second = request(&small, "Ben Low", 1, Together);
    second.attendees[0] = Some(attendee("Cy Dunn"));
    book_places(&turnout.ctx, &Actor::Api, second).await.expect("a booking");
    let first = first.expect("a booking").registration.id;
    cancel_places(&turnout.ctx, &Actor::Leader, first, Which::All, None).await.expect("a cancel");
    let staff = turnout.signed_in(&trainer).await;
    assert_eq!(seen.post(&staff, "/trainer/calendar", "").await, Status::Ok);
    for address in ["kwame@example.org", "amina@example.org"] {
        let address = address.parse().expect("an address");
        recover_links(&turnout.ctx, &address).await.expect("a letter");
        request_sign_in(&turnout.ctx, &address).await.expect("a letter");
    }
    (visitor, turnout.signed_in(&office).await)
}

async fn a_used_database_holds_no_secret(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let mut seen = Seen::default();
    let (visitor, office) = used(&turnout, &mut seen).await;
    holds_none(&turnout, &seen).await;
    give_up(&turnout).await;
    holds_none(&turnout, &seen).await;
    for id in ids(&turnout, Progress::Failed).await {
        seen.open(&office, &format!("/office/letters/{id}")).await;
        let path = format!("/office/letters/{id}/retry");
        assert_eq!(seen.post(&office, &path, "").await, Status::SeeOther);
    }
    let letters = seen.letters(&turnout).await;
    assert!(letters.len() >= 8, "{}", letters.len());
    turnout.clock.advance(Duration::days(21));
    remind(&turnout.ctx).await.expect("reminders");
    holds_none(&turnout, &seen).await;
    seen.letters(&turnout).await;
    assert!(seen.0.len() > 20, "{}", seen.0.len());
    holds_none(&turnout, &seen).await;
    let leaders = letters.iter().find(|letter| letter.to.contains("kwame")).expect("a letter");
    let (_, link) = leaders.text.split_once("https://turnout.example/r/").expect("a link");
    page(&visitor, &format!("/r/{}", &link[..26])).await;
}

async fn nor_while_a_new_link_is_on_its_way(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let id = booked(&turnout).await;
    let mut seen = Seen::default();
    seen.letters(&turnout).await;
    renew_links(&turnout.ctx, &Actor::Leader, id).await.expect("a new link");
    holds_none(&turnout, &seen).await;
    let other = Leader { email: "obi@example.org".parse().ok(), ..leader("Ada Obi") };
    change_leader(&turnout.ctx, &Actor::Leader, id, &other, None).await.expect("a change");
    holds_none(&turnout, &seen).await;
    let letters = seen.letters(&turnout).await;
    assert_eq!(letters.len(), 3, "the new link, and the change at both addresses");
    let hers = letters.iter().rfind(|one| one.to.contains("obi@example.org")).expect("a letter");
    let browser = turnout.browser().await;
    page(&browser, &format!("/r/{}", link(hers, "/r/"))).await;
    holds_none(&turnout, &seen).await;
}

/// The address after the first `start` in a letter's text.
fn link(letter: &ReadLetter, start: &str) -> String {
    let start = format!("https://turnout.example{start}");
    let (_, rest) = letter.text.split_once(&start).unwrap_or_else(|| panic!("{}", letter.text));
    rest[..26].to_owned()
}

async fn booked(turnout: &TestTurnout) -> RegistrationId {
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&session, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    booked.registration.id
}

async fn a_letter_that_was_given_up_and_tried_again_opens_what_it_should(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    booked(&turnout).await;
    give_up(&turnout).await;
    assert!(turnout.letters().await.is_empty());
    let browser = turnout.browser().await;
    for id in ids(&turnout, Progress::Failed).await {
        let retried = retry_letter(&turnout.ctx, &Actor::CommandLine, id, None).await;
        assert!(retried.expect("a retry"));
    }
    let letters = turnout.letters().await;
    let to = |who: &str| letters.iter().find(|one| one.to.contains(who)).expect("a letter");
    assert!(page(&browser, &format!("/r/{}", link(to("ada"), "/r/"))).await.contains("Ben Low"));
    assert!(page(&browser, &format!("/p/{}", link(to("ben"), "/p/"))).await.contains("Ben Low"));
    let calendar = to("ben").calendar.clone().expect("an invite");
    let calendar = String::from_utf8(calendar).expect("text").replace("\r\n ", "");
    let (_, event) = calendar.split_once("https://turnout.example/e/").expect("a link");
    page(&browser, &format!("/e/{}", &event[..26])).await;
}

async fn what_ended_while_its_letter_waited_stays_ended(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let id = booked(&turnout).await;
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("a cancel");
    let letters = turnout.letters().await;
    let invite = letters.iter().find(|one| one.to.contains("ben") && one.text.contains("/p/"));
    let path = format!("/p/{}", link(invite.expect("an invite"), "/p/"));
    let browser = turnout.browser().await;
    // What became of her place is said to her; she can do nothing there.
    let shown = page(&browser, &path).await;
    assert!(
        !shown.contains(&format!("{path}/cancel")) && shown.contains("Your place is cancelled"),
        "{shown}"
    );
}

/// A letter with a link that works, as versions before wrote it.
async fn written_before(turnout: &TestTurnout) -> (Letter, Token) {
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let asked = request(&session, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    turnout.letters().await;
    let url = turnout.ctx.manage_url(&booked.token);
    let (head, tail) = url.split_at(40);
    let letter = Letter {
        id: LetterId::new(turnout::token::row_id(&*turnout.ctx.random, &*turnout.ctx.clock)),
        kind: LetterKind::BookingConfirmed,
        to_name: None,
        to: "ada@example.org".parse().expect("an address"),
        subject: "Booked".to_owned(),
        text: format!("Yours: {url}\nAgain: {url}/places/1."),
        html: format!("<a href=\"{url}\">yours</a>"),
        calendar: Some(CalendarPart {
            method: CalendarMethod::Publish,
            ics: format!("BEGIN:VCALENDAR\r\nURL:{head}\r\n {tail}\r\nEND:VCALENDAR\r\n"),
        }),
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    };
    (letter, booked.token)
}

async fn run(turnout: &TestTurnout, text: &str) {
    if turnout.url.starts_with("sqlite:") {
        let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
        sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut conn).await.expect("a statement");
    } else {
        let mut conn = sqlx::PgConnection::connect(&turnout.url).await.expect("PostgreSQL");
        let done = sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut conn).await;
        done.expect("a statement");
    }
}

async fn letters_of_versions_before_are_written_anew_without_secrets(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (letter, token) = written_before(&turnout).await;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let now = turnout.ctx.now();
    enqueue::letter(&mut tx, &letter, About::default(), now).await.expect("a letter");
    tx.commit().await.expect("a commit");
    run(&turnout, "update registrations set attempt = 'api:0123456789abcdefghjkmnpqrs'").await;
    run(&turnout, "insert into chores (name) values ('stand in for secrets')").await;
    turnout.ctx.store.migrate().await.expect("a migration");
    let mut seen = Seen::default();
    secrets_in(token.secret(), &mut seen.0);
    secrets_in("0123456789abcdefghjkmnpqrs", &mut seen.0);
    assert_eq!(seen.0.len(), 2);
    holds_none(&turnout, &seen).await;
    let letters = turnout.letters().await;
    let browser = turnout.browser().await;
    let path = format!("/r/{}", link(&letters[0], "/r/"));
    assert!(page(&browser, &path).await.contains("Ada Obi"));
    assert!(letters[0].html.contains(&path));
    let calendar = letters[0].attached.clone().or_else(|| {
        letters[0].calendar.clone().map(|bytes| String::from_utf8(bytes).expect("text"))
    });
    assert!(calendar.expect("a calendar").replace("\r\n ", "").contains(&path));
}
