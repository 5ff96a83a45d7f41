//! Whoever is on a session is found there by indexes, not by reading everybody: nobody is passed by whom the rule
//! would ask about, by her name however it is spelt, her address, or as somebody we know; and nobody else is asked.

use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
            change_attendee::change_attendee,
            refusals::{BookError, HoldError},
        },
        people::merge_people::merge_people,
    },
    domain::{audit::Actor, id::SessionCode},
    store::people,
};

use super::{asks, books, known, who};
use crate::support::TestTurnout;

on_both_databases!(
    whoever_is_there_is_asked_about_and_nobody_else,
    names_from_before_the_keys_are_asked_about_too,
    a_corrected_name_is_the_one_that_is_asked_about,
);

/// Institution, name and address of whoever books, and whether somebody there may be her.
const ASKED: [(u32, &str, &str, bool); 9] = [
    (1, "ida  GREEN", "", true),
    (1, "Ida Green", "ida.green@example.org", false),
    (2, "Ben Low", "ida@example.org", true),
    (1, "Emile O\u{2019}Zak", "", true),
    (1, "Emile O'Zak", "emile@example.org", true),
    (2, "Emile OZak", "", false),
    (1, "Natalie Nutt", "natalie@example.org", true),
    (1, "Cy Dunn", "cy@example.org", false),
    (1, "Name removed", "", false),
];

/// Three who are there, one of them known by another name and address too, one who gave her place up, and one whose
/// name is to follow.
async fn there(turnout: &TestTurnout, code: &SessionCode) {
    let ctx = &turnout.ctx;
    books(turnout, code, &who("Ida Green", "ida@example.org")).await;
    books(turnout, code, &who("Émile O'Żak", "")).await;
    let nat = books(turnout, code, &who("Nat Nutt", "nat@example.org")).await.registration;
    let cy = books(turnout, code, &who("Cy Dunn", "cy@example.org")).await.registration.id;
    cancel_places(ctx, &Actor::Leader, cy, Which::All, None).await.expect("a cancelling");
    let mut open = asks(code, 1, &who("Lea Der", ""));
    open.attendees = vec![None];
    book_places(ctx, &Actor::Api, open).await.expect("a place for somebody");
    let elsewhere = turnout.plan("S9", "first", 9, |_| {}).await;
    let her = who("Natalie Nutt", "natalie@example.org");
    let natalie = books(turnout, &elsewhere, &her).await.registration;
    known(turnout, "").await;
    let mut conn = ctx.store.read().await.expect("a connection");
    let mut both = Vec::new();
    for place in [nat.places[0].id, natalie.places[0].id] {
        both.extend(people::of_place(&mut conn, place).await.expect("a read"));
    }
    drop(conn);
    merge_people(ctx, &Actor::CommandLine, both[0], both[1]).await.expect("one person");
}

/// Whether somebody who books is asked whether she is there already; if not, she has a place then.
async fn is_asked(turnout: &TestTurnout, code: &SessionCode, her: (u32, &str, &str)) -> bool {
    let (institution, name, email) = her;
    let mut one = asks(code, institution, &who(name, email));
    one.apart.clear();
    match book_places(&turnout.ctx, &Actor::Api, one).await {
        Err(BookError::Hold(HoldError::AlreadyThere(_))) => true,
        outcome => {
            outcome.expect("a booking");
            false
        }
    }
}

/// Books for each of `ASKED` and compares who is asked about.
async fn asked(turnout: &TestTurnout, code: &SessionCode) {
    for (institution, name, email, is_there) in ASKED {
        let is_asked = is_asked(turnout, code, (institution, name, email)).await;
        assert_eq!(is_asked, is_there, "{name} {email}");
    }
}

async fn whoever_is_there_is_asked_about_and_nobody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    there(&turnout, &code).await;
    asked(&turnout, &code).await;
    turnout.is_sound().await;
}

async fn names_from_before_the_keys_are_asked_about_too(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    there(&turnout, &code).await;
    turnout.write("update places set name_key = null").await;
    asked(&turnout, &code).await;
    // Filled in, they are found as if they had been written so.
    turnout.ctx.store.fill_keys().await.expect("keys");
    let without = "select count(*) from places where name is not null and name_key is null";
    assert_eq!(turnout.count(without).await, 0);
    let again = ASKED.iter().filter(|(.., is_there)| *is_there);
    for (institution, name, email, _) in again {
        assert!(is_asked(&turnout, &code, (*institution, name, email)).await, "{name} {email}");
    }
    turnout.is_sound().await;
}

async fn a_corrected_name_is_the_one_that_is_asked_about(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let ida = books(&turnout, &code, &who("Ida Green", "")).await.registration;
    let changed = who("Eda Grün", "");
    change_attendee(&turnout.ctx, &Actor::Leader, ida.id, ida.places[0].id, changed)
        .await
        .expect("a change");
    for (name, is_there) in [("eda grun", true), ("Ida Green", false)] {
        assert_eq!(is_asked(&turnout, &code, (1, name, "")).await, is_there, "{name}");
    }
    turnout.is_sound().await;
}
