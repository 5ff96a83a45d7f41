//! What earlier versions took and today's parsers refuse is read as it stands: no page, letter, feed or file
//! fails for it, and `turnout doctor` names it with the way out.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places, examine::examine, letters::remind::remind,
        people::know_people::know_people,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, session::Trainer, staff::Role},
};

use crate::support::{TestTurnout, browser::page, plan::request};

on_both_databases!(what_was_stored_earlier_fails_no_page_no_letter_and_no_file);

/// Values that were taken once, and the way back.
const EARLIER: &[&str] = &[
    "update places set email = 'ada?subject=x%0a|@example.org', name = 'Ada\u{202E}Obi', dietary = 'no\tnuts'",
    "update registrations set leader_email = 'ada obi@example', leader_phone = 'ask Ruth',
         leader_name = 'Ada\u{200B}\tObi', institution_typed = null",
    "update people set email = 'a|b@example.org', phone = '12', name = 'A\tB'",
    "update alliances set contact_email = 'not an address'",
    "update invitations set address = 'ada?subject=x%0a|@example.org', name = 'Ada\u{202E}Obi'",
    "update sessions set online_room = 'javascript:alert(1)', venue_name = null, venue_address = null,
         venue_key = null where code = 'S2'",
];

const TODAY: &[&str] = &[
    "update places set email = 'ada@example.org', name = 'Ada Obi', dietary = null",
    "update registrations set leader_email = 'ada@example.org', leader_phone = null, leader_name = 'Ada Obi'",
    "update people set email = 'ada@example.org', phone = null, name = 'Ada Obi'",
    "update alliances set contact_email = 'oxford@example.org'",
    "update invitations set address = 'ada@example.org', name = 'Ada Obi'",
    "update sessions set online_room = null, venue_name = 'St Aidan''s Hall', venue_address = '41 Copeland Lane',
         venue_key = (select k.venue_key from sessions k where k.code = 'S1') where code = 'S2'",
];

/// Where it is shown.
const PAGES: &[&str] = &[
    "/",
    "/sessions/S1",
    "/sessions/S2",
    "/api/v1/sessions",
    "/feeds/all.ics",
    "/calendars",
    "/office",
    "/office/people",
    "/office/people?q=a",
    "/office/sessions/S1/bookings",
    "/office/sessions/S1",
    "/office/alliances/oxford",
    "/office/letters?progress=queued",
    "/office/audit",
    "/office/sessions/S1/message",
    "/office/sessions/S1/pledges",
    "/trainer/sessions/S1/roster",
    "/trainer/sessions/S1/roster.csv",
    "/trainer/sessions/S1/roster.xlsx",
    "/trainer/sessions/S1/badges",
];

/// No page fails, and nothing of it becomes part of a link.
async fn all_are_shown(browser: &Client, pages: Vec<String>) {
    for path in pages {
        let answer = browser.get(path.clone()).dispatch().await;
        assert!(answer.status().code < 404, "{path}: {}", answer.status());
        let shown = answer.into_bytes().await.unwrap_or_default();
        let shown = String::from_utf8_lossy(&shown);
        assert!(!shown.contains("mailto:ada?subject"), "{path}: {shown}");
        assert!(!shown.contains("href=\"javascript:"), "{path}");
    }
}

async fn what_was_stored_earlier_fails_no_page_no_letter_and_no_file(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let leads = |session: &mut turnout::domain::session::Session| {
        session.trainers = vec![Trainer { login: login.clone(), name: "office".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 9, leads).await;
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together));
    let booked = booked.await.expect("a booking");
    book_places(&turnout.ctx, &Actor::Api, request(&other, "Ada Obi", 1, Together))
        .await
        .expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let own = turnout.letters().await.iter().find_map(|letter| {
        let at = letter.text.find("https://turnout.example/p/")?;
        letter.text[at..].split_whitespace().next().map(str::to_owned)
    });
    let own = own.expect("a link").replace("https://turnout.example", "");
    for statement in EARLIER {
        turnout.write(statement).await;
    }
    let browser = turnout.signed_in(&login).await;
    let reference = booked.registration.reference.to_string();
    let manage = format!("/r/{}", booked.token.secret());
    let mut pages: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    pages.push(format!("/office/bookings/{reference}"));
    pages.extend([manage.clone(), format!("{manage}/places/1"), own]);
    all_are_shown(&browser, pages).await;
    let booking = page(&browser, &format!("/office/bookings/{reference}")).await;
    assert!(booking.contains("ada obi@example") && booking.contains("mailto:ada%20obi@example"));
    // A job that tells people of it ends, and others of the same round are told.
    turnout.clock.advance(Duration::days(21));
    remind(&turnout.ctx).await.expect("a round of reminders");
    turnout.letters().await;
    let found = examine(&turnout.ctx).await.expect("a look");
    let named = |words: &str, row: &str| {
        found.iter().any(|one| one.rule.contains(words) && one.row.contains(row))
    };
    assert!(named("correct it on the page of the booking", &reference), "{found:#?}");
    assert!(named("under Alliances", "oxford") && named("under Another place", "S2"), "{found:#?}");
    assert!(named("on the page /office/people/", ""), "{found:#?}");
    for statement in TODAY {
        turnout.write(statement).await;
    }
    let browser = turnout.signed_in(&"office".parse().expect("a login")).await;
    assert_eq!(browser.get("/office").dispatch().await.status(), Status::Ok);
}
