//! A certificate that anybody can check by its number, and that says what it says no longer when it is not so.

use chrono::Duration;
use rocket::http::Status;
use sqlx::Connection;
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::{
            check_in::{Taps, check_in},
            close_sitting::close_sitting,
        },
    },
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        occupancy::TeamPolicy::Together,
        session::{Session, Trainer},
        staff::Role,
    },
    store::{certificates, staff},
};

use crate::support::{TestTurnout, browser::page, plan::request};

on_both_databases!(
    a_number_confirms_a_certificate_and_nothing_more,
    a_number_says_so_when_the_place_or_the_name_is_gone,
    numbers_are_asked_about_only_so_often,
);

async fn run(turnout: &TestTurnout, text: &'static str) {
    if turnout.url.starts_with("sqlite") {
        let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
        sqlx::query(text).execute(&mut conn).await.expect("a write");
    } else {
        let mut conn = sqlx::PgConnection::connect(&turnout.url).await.expect("PostgreSQL");
        sqlx::query(text).execute(&mut conn).await.expect("a write");
    }
}

/// Ada, who came to S1; the link to her place, and the number of her certificate.
async fn came(turnout: &TestTurnout) -> (String, String) {
    let ruth = turnout.account("ruth", Role::Trainer, &["oxford"]).await;
    let lead = |session: &mut Session| {
        session.trainers = vec![Trainer { login: ruth.clone(), name: "Ruth".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 9, lead).await;
    let team = request(&code, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let letters = turnout.letters().await;
    let letter = letters.iter().find(|one| one.text.contains("/p/")).expect("a letter");
    let (_, rest) = letter.text.split_once("https://turnout.example/p/").expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let sitting = turnout.session(&code).await.sittings[0].clone();
    turnout.clock.advance(sitting.ends_at - turnout.ctx.now());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &ruth).await.expect("a read").expect("an account");
    drop(conn);
    let place = booked.registration.places[0].id;
    let mark = Mark { place, presence: Presence::Attended, at: sitting.starts_at };
    let taps = Taps { marks: vec![mark], ..Taps::default() };
    check_in(&turnout.ctx, &member, &code, 1, &taps).await.expect("taps");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let numbers = certificates::of_session(&mut conn, &code).await.expect("numbers");
    drop(conn);
    let number = numbers.get(&place).expect("a number").to_string();
    let shown = page(&turnout.browser().await, &format!("/certificates/{number}")).await;
    assert!(shown.contains("This certificate is true"), "{shown}");
    close_sitting(&turnout.ctx, &member, &code, 1).await.expect("a closed day");
    (format!("/p/{secret}"), number)
}

async fn a_number_confirms_a_certificate_and_nothing_more(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (link, number) = came(&turnout).await;
    let browser = turnout.browser().await;
    let hers = page(&browser, &format!("{link}/certificate")).await;
    let at = format!("https://turnout.example/certificates/{number}");
    assert!(hers.contains(&at) && hers.contains("Ada Obi"), "{hers}");
    let shown = page(&browser, &format!("/certificates/{number}")).await;
    for words in ["This certificate is true", "<b>A. O.</b>", "Course first", "2 hours of learning"]
    {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    for secret in ["Ada", "Obi", "example.org\">ada", "noindex\" content"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("content=\"noindex\""), "no search engine keeps it");
    let plain = number.replace('-', "").to_lowercase();
    assert!(page(&browser, &format!("/certificates/{plain}")).await.contains(&number));
    for unknown in ["0000-0000-0000-0000-0000", "nothing"] {
        let answer = browser.get(format!("/certificates/{unknown}")).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{unknown}");
    }
}

async fn a_number_says_so_when_the_place_or_the_name_is_gone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, number) = came(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("/certificates/{number}");
    run(
        &turnout,
        "update places set name = 'Name removed', erased_at = '2027-06-01T00:00:00+00:00'",
    )
    .await;
    let shown = page(&browser, &path).await;
    assert!(shown.contains("We no longer keep the name") && !shown.contains("N. r."), "{shown}");
    run(&turnout, "update places set state = 'cancelled'").await;
    let shown = page(&browser, &path).await;
    assert!(shown.contains("This certificate does not hold"), "{shown}");
    assert!(shown.contains("cancelled later"), "{shown}");
    // As it was, so that what is looked for at the end is in order.
    run(&turnout, "update places set state = 'confirmed'").await;
}

async fn numbers_are_asked_about_only_so_often(turnout: TestTurnout) {
    let browser = turnout.browser().await;
    turnout.clock.advance(Duration::seconds(1));
    let mut statuses = Vec::new();
    for number in 0..40 {
        let path = format!("/certificates/{number:020x}");
        let asked = browser.get(path).remote("192.0.2.7:80".parse().expect("an address"));
        statuses.push(asked.dispatch().await.status());
    }
    assert_eq!(statuses[0], Status::NotFound);
    assert_eq!(statuses[39], Status::TooManyRequests);
}
