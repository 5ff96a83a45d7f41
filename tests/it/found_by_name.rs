//! People, institutions and everything else is found by name and stands in order, however the name
//! was typed, and the same on both databases.

use rocket::local::asynchronous::Client;
use sqlx::Connection as _;
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        registration::Sender, staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{name, request},
};

on_both_databases!(
    a_person_is_found_by_what_a_phone_or_a_spreadsheet_types,
    lists_stand_in_the_order_of_the_alphabet,
    institutions_accounts_and_sessions_are_found_without_their_accents,
    a_name_typed_with_and_without_accents_is_one_institution,
    names_from_before_the_keys_are_found_once_they_are_filled_in,
);

/// In the order in which they are listed.
const PEOPLE: [&str; 8] = [
    "Čeněk Dvořák",
    "Élodie Ñandú",
    "Eric Adam",
    "Łukasz Żak",
    "Luz Diaz",
    "Ørjan Strauß",
    "Sinéad O\u{2019}Neill",
    "Zygmunt Adam",
];

/// Who is found by what.
const FOUND: [(&str, &str); 18] = [
    ("elodie", "Élodie Ñandú"),
    ("ÉLODIE", "Élodie Ñandú"),
    ("E\u{301}lodie", "Élodie Ñandú"),
    ("nandu", "Élodie Ñandú"),
    ("Ñandú Élodie", "Élodie Ñandú"),
    ("lukasz", "Łukasz Żak"),
    ("Łukasz", "Łukasz Żak"),
    ("Żak", "Łukasz Żak"),
    ("ŻAK, Łukasz", "Łukasz Żak"),
    ("orjan strauss", "Ørjan Strauß"),
    ("STRAUSS", "Ørjan Strauß"),
    ("oneill", "Sinéad O\u{2019}Neill"),
    ("O'Neill", "Sinéad O\u{2019}Neill"),
    ("O\u{2018}Neill", "Sinéad O\u{2019}Neill"),
    ("o neill", "Sinéad O\u{2019}Neill"),
    ("\u{feff}sinead\u{a0}", "Sinéad O\u{2019}Neill"),
    ("+44 7700 900106", "Sinéad O\u{2019}Neill"),
    ("07700900106", "Sinéad O\u{2019}Neill"),
];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The names of `PEOPLE` that a page shows, in its order.
fn shown(page: &str) -> Vec<&'static str> {
    let written = |name: &str| name.replace('\'', "&#39;");
    let at = |name: &&str| {
        page.find(&written(name)).map(|at| (at, PEOPLE.iter().position(|one| one == name)))
    };
    let mut found: Vec<_> = PEOPLE.iter().filter_map(at).collect();
    found.sort_unstable();
    found.into_iter().filter_map(|(_, which)| which.map(|which| PEOPLE[which])).collect()
}

/// Everybody booked herself, the last by name first; each has a number.
async fn booked(turnout: &TestTurnout) -> SessionCode {
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    for (number, who) in PEOPLE.iter().enumerate().rev() {
        let mut team = request(&code, "Ada Obi", 1, Together);
        team.leader.name = name(who);
        team.leader.email = format!("p{number}@example.org").parse().ok();
        team.leader.phone = format!("07700 9001{number:02}").parse().ok();
        team.attendees[0] = Some(team.leader.attends());
        book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    }
    while know_people(&turnout.ctx).await.expect("a round") {}
    code
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

async fn a_person_is_found_by_what_a_phone_or_a_spreadsheet_types(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    booked(&turnout).await;
    let office = office(&turnout).await;
    for list in ["/office/people", "/trainer/sessions/S1/roster", "/office/sessions/S1/bookings"] {
        for (typed, name) in FOUND {
            // The search shows again what was typed.
            let page = page(&office, &format!("{list}?q={}", encoded(typed))).await;
            let page = page.replace(&format!("value=\"{typed}\""), "");
            assert_eq!(shown(&page), [name], "{list}?q={typed}");
        }
        let nobody = page(&office, &format!("{list}?q=elodia")).await;
        assert_eq!(shown(&nobody), Vec::<&str>::new(), "{list}");
    }
}

async fn lists_stand_in_the_order_of_the_alphabet(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    booked(&turnout).await;
    let office = office(&turnout).await;
    for list in [
        "/office/people",
        "/trainer/sessions/S1/roster",
        "/trainer/sessions/S1/roster.csv",
        "/trainer/sessions/S1/badges",
        "/trainer/sessions/S1/check-in/1",
    ] {
        assert_eq!(shown(&page(&office, list).await), PEOPLE, "{list}");
    }
}

async fn institutions_accounts_and_sessions_are_found_without_their_accents(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout
        .plan("S1", "first", 20, |one| {
            one.location = Location::Venue {
                name: "Café Żubr".to_owned(),
                address: "41 Copeland Lane".to_owned(),
            };
        })
        .await;
    let office = office(&turnout).await;
    let church = "name=%C3%89glise+de+Peckham&kind=faith&alliance=oxford&membership=member";
    post(&office, "/office/new-institution", church).await;
    let account = "name=Zo%C3%AB+O%E2%80%99Brien&email=zoe@example.org&role=trainer";
    post(&office, "/office/new-account", account).await;
    for (path, typed, found) in [
        ("/office/institutions", "eglise", "Église de Peckham"),
        ("/office/institutions", "Église", "Église de Peckham"),
        ("/office/institutions", "PECKHAM eglise", "Église de Peckham"),
        ("/office/accounts", "zoe", "Zoë O\u{2019}Brien"),
        ("/office/accounts", "o'brien", "Zoë O\u{2019}Brien"),
        ("/office/sessions", "cafe zubr", code.as_str()),
        ("/", "cafe zubr", code.as_str()),
    ] {
        let page = page(&office, &format!("{path}?q={}", encoded(typed))).await;
        let page = page.replace(&format!("value=\"{typed}\""), "");
        assert!(page.contains(found), "{path}?q={typed}: {page}");
    }
    let list = page(&office, "/office/institutions").await;
    let (church, others) = (list.find("Église").expect("it"), list.find("Institution 1"));
    assert!(Some(church) < others, "É stands among E");
}

async fn a_name_typed_with_and_without_accents_is_one_institution(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    for (who, typed) in [("Ann Ash", "Église Saint-Luc"), ("Ben Birch", "EGLISE SAINT LUC")] {
        let mut team = request(&code, who, 1, Together);
        team.sender = Sender::NotListed(name(typed));
        book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    }
    let office = office(&turnout).await;
    let typed = page(&office, "/office/typed-institutions").await;
    assert!(typed.contains("2 bookings"), "{typed}");
}

async fn names_from_before_the_keys_are_found_once_they_are_filled_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    booked(&turnout).await;
    for text in [
        "update people set name_key = null, search_key = null, sort_key = null",
        "update institutions set search_key = null, sort_key = null",
        "update places set name_key = null",
        "update staff set search_key = null, sort_key = null",
        "update key_rules set rules = 'of before'",
        "update alliances set search_key = 'wrong', sort_key = null",
    ] {
        if turnout.url.starts_with("sqlite") {
            let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
            sqlx::query(text).execute(&mut conn).await.expect("a write");
        } else {
            let mut conn = sqlx::PgConnection::connect(&turnout.url).await.expect("PostgreSQL");
            sqlx::query(text).execute(&mut conn).await.expect("a write");
        }
    }
    let store = &turnout.ctx.store;
    let (one, other) = tokio::join!(store.fill_keys(), store.fill_keys());
    assert!(one.is_ok() && other.is_ok(), "two nodes at once");
    let office = office(&turnout).await;
    assert_eq!(shown(&page(&office, "/office/people").await), PEOPLE);
    assert_eq!(shown(&page(&office, "/office/people?q=lukasz").await), ["Łukasz Żak"]);
    let sessions = page(&office, "/office/sessions?q=oxford").await;
    assert!(sessions.contains("S1"), "{sessions}");
}
