//! The address that a spreadsheet reads by itself: counts unless names were chosen, for as long as whoever
//! made it may see them, and not after it was ended.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, staff::disable_account::disable_account},
    domain::{alliance::Alliance, audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
    store::catalogue,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{alliance, request},
};

on_both_databases!(
    a_spreadsheet_reads_counts_and_names_only_where_that_was_chosen,
    an_address_ends_with_a_press_and_with_the_account,
);

/// Makes an address; its path.
async fn address(browser: &Client, body: &str) -> String {
    let (status, shown) = post(browser, "/office/sheets", body).await;
    assert_eq!(status, Status::Ok, "{shown}");
    let (_, rest) = shown.split_once("https://turnout.example/sheets/").expect("an address");
    format!("/sheets/{}", rest.split('<').next().expect("its end"))
}

async fn season(turnout: &TestTurnout) {
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    for (code, alliance) in [("S1", alliance()), ("S2", leeds)] {
        let code = turnout.plan(code, "first", 20, |one| one.alliance = alliance.into()).await;
        let asked = request(&code, "Ada Obi", 2, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
}

async fn a_spreadsheet_reads_counts_and_names_only_where_that_was_chosen(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    season(&turnout).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let counts = address(&browser, "alliance=oxford").await;
    let nobody = turnout.browser().await;
    let answer = nobody.get(counts.clone()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    let header = |name: &str| answer.headers().get_one(name).map(str::to_owned);
    assert!(header("Content-Type").is_some_and(|kind| kind.starts_with("text/csv")));
    assert!(header("X-Robots-Tag").is_some_and(|robots| robots.contains("noindex")));
    assert_eq!(header("Cache-Control").as_deref(), Some("private, no-cache"));
    let tag = header("ETag").expect("a tag");
    let body = answer.into_string().await.expect("a table");
    let rows: Vec<_> = body.lines().collect();
    assert_eq!(rows.len(), 2, "her own alliance: {body}");
    assert!(rows[1].starts_with("S1,Course first,") && rows[1].contains(",20,2,0,0,0,"), "{body}");
    assert!(!body.contains("Ada"), "{body}");
    let again = nobody.get(counts.clone());
    let again = again.header(rocket::http::Header::new("If-None-Match", tag)).dispatch().await;
    assert_eq!(again.status(), Status::NotModified);
    let named = address(&browser, "alliance=oxford&names=yes").await;
    let body = page(&nobody, &named).await;
    assert!(body.contains("Ada Obi") && !body.contains("example.org"), "{body}");
    let (status, _) = post(&browser, "/office/sheets", "alliance=leeds").await;
    assert_eq!(status, Status::UnprocessableEntity);
    let (status, _) = post(&browser, "/office/sheets", "alliance=all").await;
    assert_eq!(status, Status::UnprocessableEntity, "all of them are an administrator's");
    let list = page(&browser, "/office/sheets").await;
    assert!(list.contains("counts only") && list.contains("with names"), "{list}");
    assert!(list.contains("last read on") && !list.contains(&counts), "{list}");
    let mut status = Status::Ok;
    for _ in 0..70 {
        status = nobody.get(counts.clone()).dispatch().await.status();
    }
    assert_eq!(status, Status::TooManyRequests);
}

async fn an_address_ends_with_a_press_and_with_the_account(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    season(&turnout).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let (one, two) =
        (address(&browser, "alliance=oxford").await, address(&browser, "alliance=oxford").await);
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    let all = address(&office, "").await;
    let body = page(&office, &all).await;
    assert!(body.contains("S1,") && body.contains("S2,"), "{body}");
    let list = page(&browser, "/office/sheets").await;
    let ends: Vec<_> = list.split("href=\"/office/sheets/").skip(1).collect();
    assert_eq!(ends.len(), 2, "her own: {list}");
    let path = format!("/office/sheets/{}", ends[0].split('"').next().expect("an address"));
    assert!(page(&browser, &path).await.contains("End this address?"));
    let (_, to) = post(&browser, &path, "").await;
    assert_eq!(to, "/office/sheets?done=ended");
    let open = |path: &String| {
        let path = path.clone();
        let browser = &office;
        async move { browser.get(path).dispatch().await.status() == Status::Ok }
    };
    let (first, second) = (open(&one).await, open(&two).await);
    assert!(first != second, "one of the two is ended");
    disable_account(&turnout.ctx, &Actor::CommandLine, &login).await.expect("a closed account");
    assert!(!open(&one).await && !open(&two).await && open(&all).await);
    let log = page(&office, "/office/audit?actor=ruth").await;
    assert!(log.contains("Sheet address made") && log.contains("Sheet address ended"), "{log}");
}
