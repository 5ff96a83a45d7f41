//! Every long list comes page by page: each page is short, no line is lost and none stands twice, and what
//! the list was narrowed to holds on the next page.

use std::collections::BTreeSet;

use chrono::Duration;
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{
        audit::Actor,
        id::SessionCode,
        institution::{Institution, InstitutionKind, Membership},
        occupancy::TeamPolicy::Together,
        registration::Sender,
        session::BookingMode,
        staff::Role,
    },
    store::{catalogue, institutions, received},
    token::{SystemRandom, row_id},
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{alliance, name, request},
};

on_both_databases!(
    every_long_list_comes_in_pages_that_lose_and_double_nothing,
    what_a_list_is_narrowed_to_holds_on_every_page,
);

/// Enough for three pages.
const MANY: usize = 110;

/// What each page of a list may hold at most, with the few lines beside it.
const MOST: usize = 60;

fn unescaped(href: &str) -> String {
    href.replace("&#38;", "&").replace("&amp;", "&")
}

/// The pages of a list, following its links.
async fn pages(browser: &Client, path: &str) -> Vec<String> {
    let mut all = vec![page(browser, path).await];
    while let Some((before, _)) = all.last().expect("a page").split_once("\">Next page</a>") {
        let (_, href) = before.rsplit_once("href=\"").expect("an address");
        all.push(page(browser, &unescaped(href)).await);
        assert!(all.len() < 20, "{path} does not end");
    }
    all
}

/// The lines of a page, each by the address it leads to.
fn lines(html: &str, leads: &str) -> Vec<String> {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let start = format!("href=\"{leads}");
    let mut found: Vec<String> = Vec::new();
    for part in main.split(&start).skip(1) {
        let end = part.find(['"', '/', '#']).unwrap_or(part.len());
        let line = part[..end].to_owned();
        if !line.is_empty() && found.last() != Some(&line) {
            found.push(line);
        }
    }
    found
}

/// Walks a list whose lines lead to an address that begins so.
async fn holds(browser: &Client, path: &str, leads: &str, expected: usize) {
    let pages = pages(browser, path).await;
    assert!(pages.len() > 2, "{path} has {} pages", pages.len());
    let mut seen = BTreeSet::new();
    for (at, html) in pages.iter().enumerate() {
        let lines = lines(html, leads);
        assert!(!lines.is_empty() && lines.len() <= MOST, "{path}, page {at}: {}", lines.len());
        for line in lines {
            assert!(seen.insert(line.clone()), "{path} has {line} twice");
        }
    }
    assert_eq!(seen.len(), expected, "{path}");
}

/// Walks a table whose lines lead nowhere, by counting them.
async fn counts(browser: &Client, path: &str, least: usize) {
    let pages = pages(browser, path).await;
    let rows = |html: &String| {
        let (_, body) = html.split_once("<tbody").expect("a table");
        let (body, _) = body.split_once("</tbody>").expect("its end");
        body.matches("<tr").count()
    };
    let rows: Vec<usize> = pages.iter().map(rows).collect();
    let (last, full) = rows.split_last().expect("a page");
    assert!(
        rows.len() > 2 && full.iter().all(|count| *count == 50) && *last > 0,
        "{path}: {rows:?}"
    );
    assert!(rows.iter().sum::<usize>() >= least, "{path}: {rows:?}");
}

/// What a season is planned with, many times over.
async fn catalogue_of_many(turnout: &TestTurnout) {
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let courses = catalogue::courses(&mut tx).await.expect("courses");
    for number in 0..MANY {
        let mut course = courses[0].clone();
        course.slug = format!("course-{number}").parse().expect("a slug");
        catalogue::insert_course(&mut tx, &course).await.expect("a course");
        let mut one = alliance();
        one.slug = format!("alliance-{number}").parse().expect("a slug");
        catalogue::insert_alliance(&mut tx, &one).await.expect("an alliance");
        let institution = Institution {
            code: format!("I1{number:03}").parse().expect("a code"),
            name: format!("Parish {}", number % 7),
            kind: InstitutionKind::Faith,
            alliance: alliance().slug,
            membership: Membership::Member,
        };
        institutions::insert(&mut tx, &institution).await.expect("an institution");
    }
    tx.commit().await.expect("a commit");
}

/// A session with many bookings, and many sessions that somebody asks for a place on.
async fn bookings(turnout: &TestTurnout) -> SessionCode {
    let full = turnout.plan("BIG", "first", 200, |_| {}).await;
    for number in 0..MANY {
        let mut asked = request(&full, &format!("Ada Obi {number}"), 1, Together);
        asked.sender = Sender::NotListed(name(&format!("Group {number}")));
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        let code = turnout
            .plan(&format!("S{number:03}"), "first", 9, |one| one.mode = BookingMode::Approval)
            .await;
        let asked = request(&code, &format!("Ben Low {number}"), 1, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a request");
    }
    while know_people(&turnout.ctx).await.expect("a round") {}
    full
}

async fn mails(turnout: &TestTurnout) {
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for number in 0..MANY {
        let subject = format!("Answer {number}");
        let arrival = received::ArrivedMessage {
            id: row_id(&SystemRandom, &*turnout.ctx.clock),
            digest: [u8::try_from(number).expect("few"); 32],
            at: turnout.ctx.now(),
            from: None,
            subject: &subject,
        };
        assert!(received::insert(&mut tx, &arrival).await.expect("a message"));
    }
    tx.commit().await.expect("a commit");
}

async fn every_long_list_comes_in_pages_that_lose_and_double_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    for number in 0..MANY {
        turnout.account(&format!("trainer-{number}"), Role::Trainer, &[]).await;
    }
    catalogue_of_many(&turnout).await;
    let full = bookings(&turnout).await;
    mails(&turnout).await;
    let browser = turnout.signed_in(&login).await;
    let of_full = format!("/office/sessions/{full}/bookings");
    for (path, leads, expected) in [
        ("/office/institutions", "/office/institutions/I", MANY + 3),
        ("/office/courses", "/office/courses/", MANY + 2),
        ("/office/alliances", "/office/alliances/", MANY + 1),
        ("/office/accounts", "/office/accounts/", MANY + 1),
        ("/office/people", "/office/people/0", 2 * MANY),
        ("/office/sessions", "/office/sessions/", MANY + 1),
        ("/office/requests", "/office/sessions/", MANY),
        ("/office/turnout?by=session", "/office/sessions/", MANY + 1),
        ("/office/typed-institutions", "/office/typed-institutions/which?name=", MANY),
        ("/office/bookings?q=obi", "/office/bookings/", MANY),
        (of_full.as_str(), "/office/bookings/", MANY),
        ("/trainer", "/trainer/sessions/", MANY + 1),
    ] {
        holds(&browser, path, leads, expected).await;
    }
    counts(&browser, "/office/replies", MANY).await;
    counts(&browser, "/office/audit", 2 * MANY).await;
    counts(&browser, "/office/letters?progress=queued", 2 * MANY).await;
    turnout.clock.advance(Duration::days(60));
    turnout.sign_in(&browser, &login).await;
    holds(&browser, "/trainer?when=past", "/trainer/sessions/", MANY + 1).await;
}

async fn what_a_list_is_narrowed_to_holds_on_every_page(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    for number in 0..2 * MANY {
        let course = if number % 2 == 0 { "first" } else { "second" };
        turnout.plan(&format!("S{number:03}"), course, 9, |_| {}).await;
    }
    mails(&turnout).await;
    let browser = turnout.signed_in(&login).await;
    holds(&browser, "/trainer?q=second", "/trainer/sessions/", MANY).await;
    holds(&browser, "/office/turnout?by=session&q=second", "/office/sessions/", MANY).await;
    counts(&browser, "/office/replies?outcome=automatic", MANY).await;
    let none = page(&browser, "/office/replies?outcome=bounced").await;
    assert!(none.contains("No message of this kind"), "{none}");
    let mine = page(&browser, "/trainer?led=yes").await;
    assert!(mine.contains("You have no sessions coming up"), "{mine}");
    let file = page(&browser, "/office/turnout.csv?by=session&q=second").await;
    assert_eq!(file.lines().count(), MANY + 1, "a head and a line for each");
    let beyond = browser.get("/trainer?page=9").dispatch().await;
    assert_eq!(beyond.status().code, 404);
}
