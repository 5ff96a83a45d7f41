//! People and bookings taken as files: what the page shows and no more, no formula, and written down.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use rocket::http::Status;
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{
        alliance::Alliance, audit::Actor, occupancy::TeamPolicy::Together, staff::Role, text::Line,
    },
    store::catalogue,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{alliance, name, request},
};

on_both_databases!(
    a_list_is_taken_as_it_is_narrowed_and_that_is_written_down,
    an_organiser_takes_only_what_is_of_her_alliances,
);

async fn book(turnout: &TestTurnout, session: &str, who: &str) {
    let code = session.parse().expect("a code");
    let mut asked = request(&code, who, 2, Together);
    if let Some(first) = asked.attendees[0].as_mut() {
        first.dietary = Line::parse("Halal").ok();
    }
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
}

async fn a_list_is_taken_as_it_is_narrowed_and_that_is_written_down(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.plan("S1", "first", 20, |_| {}).await;
    book(&turnout, "S1", "Ada Obi").await;
    book(&turnout, "S1", "Ben Low").await;
    let mut asked = request(&"S1".parse().expect("a code"), "Eve Hart", 1, Together);
    asked.leader.name = name("=HYPERLINK(1)");
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let browser = turnout.signed_in(&login).await;
    let all = page(&browser, "/office/people.csv").await;
    assert!(all.contains("Ada Obi") && all.contains("Ben Low"), "{all}");
    assert!(all.contains("'=HYPERLINK(1)") && !all.contains(",=HYPER"), "{all}");
    let one = page(&browser, "/office/people.csv?q=obi").await;
    assert!(one.contains("Ada Obi") && !one.contains("Ben Low"), "{one}");
    let bookings = page(&browser, "/office/bookings.csv?q=ben").await;
    assert_eq!(bookings.lines().count(), 3, "a head and two people: {bookings}");
    assert!(!bookings.contains("Halal"), "needs stay on the roster");
    assert_eq!(page(&browser, "/office/bookings.csv").await.lines().count(), 6);
    let answer = browser.get("/office/bookings.xlsx?q=ben").dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    let bytes = answer.into_bytes().await.expect("a file");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.worksheet_range("Bookings").expect("a sheet").height(), 3);
    let log = page(&browser, "/office/audit?actor=office").await;
    assert!(log.contains("List exported") && log.contains("people: 1 line"), "{log}");
    assert!(!log.contains("obi"), "what was looked for may be a name");
    let list = page(&browser, "/office/people?q=obi").await;
    assert!(list.contains("/office/people.csv?q=obi"), "{list}");
    let odd = browser.get(format!("/office/people.csv?q={}", "x".repeat(101))).dispatch().await;
    assert_eq!(odd.status(), Status::NotFound);
}

async fn an_organiser_takes_only_what_is_of_her_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    turnout.plan("S1", "first", 20, |_| {}).await;
    turnout.plan("S2", "first", 20, |one| one.alliance = leeds.into()).await;
    book(&turnout, "S1", "Ada Obi").await;
    book(&turnout, "S2", "Ben Low").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let hers = turnout.account("hers", Role::Organiser, &["leeds"]).await;
    let browser = turnout.signed_in(&hers).await;
    for path in ["/office/people.csv", "/office/bookings.csv", "/office/bookings.csv?q=example"] {
        let file = page(&browser, path).await;
        assert!(!file.contains("Ada Obi"), "{path}: {file}");
        assert!(path.contains("q=") || file.contains("Ben Low"), "{path}: {file}");
    }
}
