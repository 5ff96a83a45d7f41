//! A booking is found from any page of the office by whoever booked or comes, by an address, a number, an
//! institution or its reference; an organiser finds those of her own alliances.

use rocket::local::asynchronous::Client;
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, registration::Sender,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, name, request, sender},
};

on_both_databases!(
    a_booking_is_found_by_all_that_is_known_of_it,
    an_organiser_finds_the_bookings_of_her_own_alliances,
    before_anything_is_looked_for_the_latest_are_shown,
);

/// Ada books for herself and Sinéad on S1, Bela for a club that is not listed on S2; their references.
async fn booked(turnout: &TestTurnout) -> (String, String) {
    let first: SessionCode = turnout.plan("S1", "first", 10, |_| {}).await;
    let mut asked = request(&first, "Ada Obi", 2, Together);
    asked.leader.phone = "07700 900106".parse().ok();
    asked.sender = sender(1);
    asked.attendees[1] = Some(attendee("Sinéad O\u{2019}Neill"));
    let ada = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let second = turnout.plan("S2", "first", 10, |_| {}).await;
    let mut asked = request(&second, "Bela Kiss", 1, Together);
    asked.sender = Sender::NotListed(name("Canal Street Chess Club"));
    let bela = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    know_people(&turnout.ctx).await.expect("people");
    (ada.registration.reference.to_string(), bela.registration.reference.to_string())
}

/// Which of the two is found.
async fn found(office: &Client, words: &str, both: &(String, String)) -> (bool, bool) {
    let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let html = page(office, &format!("/office/bookings?q={words}")).await;
    let leads = |to: &str| html.contains(&format!("href=\"/office/bookings/{to}\""));
    (leads(&both.0), leads(&both.1))
}

async fn a_booking_is_found_by_all_that_is_known_of_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let both = booked(&turnout).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let spoken = both.0.to_lowercase().replace('-', " ");
    let hers = [
        "ada obi",
        "ADA",
        "oneill",
        "sinead",
        "ada.obi@example.org",
        "Ada.Obi@Example.org",
        "+44 7700 900106",
        "institution 1",
        &both.0,
        &spoken,
    ];
    for words in hers {
        assert_eq!(found(&office, words, &both).await, (true, false), "{words}");
    }
    for words in ["kiss bela", "canal street", &both.1] {
        assert_eq!(found(&office, words, &both).await, (false, true), "{words}");
    }
    assert_eq!(found(&office, "@example.org", &both).await, (true, true));
    assert_eq!(found(&office, "nobody at all", &both).await, (false, false));
    let none = page(&office, "/office/bookings?q=nobody+at+all").await;
    assert!(none.contains("No booking for \u{201c}nobody at all\u{201d}"), "{none}");
}

async fn an_organiser_finds_the_bookings_of_her_own_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let both = booked(&turnout).await;
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('elsewhere', 'Elsewhere Citizens', 'Europe/London', 'else@example.org')",
        )
        .await;
    let mine = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let other = turnout.account("otto", Role::Organiser, &["elsewhere"]).await;
    let (mine, other) = (turnout.signed_in(&mine).await, turnout.signed_in(&other).await);
    for words in ["ada", both.0.as_str(), "ada.obi@example.org", "@example.org"] {
        assert!(found(&mine, words, &both).await.0, "{words}");
        assert_eq!(found(&other, words, &both).await, (false, false), "{words}");
    }
    assert!(page(&other, "/office/bookings").await.contains("Nobody has booked yet"));
}

async fn before_anything_is_looked_for_the_latest_are_shown(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let both = booked(&turnout).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let html = page(&office, "/office/bookings").await;
    assert!(html.contains(&both.0) && html.contains(&both.1), "{html}");
    assert!(html.contains("The latest bookings"), "{html}");
    for path in ["/office", "/office/sessions", "/office/people"] {
        let html = page(&office, path).await;
        assert!(html.contains("<form class=\"site-search\" action=\"/office/bookings\""), "{path}");
    }
}
