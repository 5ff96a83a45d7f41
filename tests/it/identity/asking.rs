//! Where it is unclear who somebody is an organiser is asked, once, with what speaks for it and against.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::booking::{book_places::book_places, refusals::BookError},
    domain::{alliance::Alliance, audit::Actor, staff::Role},
    store::catalogue,
};

use super::{asks, books, known, office, qualifying, who};
use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::alliance,
};

on_both_databases!(
    two_people_stay_two_and_are_not_asked_about_again,
    the_same_person_is_made_one_and_has_done_what_she_did,
    what_stands_twice_is_shown_before_they_are_made_one,
    a_shared_inbox_is_no_question_and_a_slip_in_a_name_is,
    what_was_taken_back_is_not_asked_again,
    only_who_looks_after_both_is_asked,
);

const QUESTIONS: &str = "/office/people/questions";

/// The ids in the first question of the page.
fn first(page: &str) -> (String, String) {
    let value = |name: &str| {
        let start = format!("name=\"{name}\" value=\"");
        let at = page.find(&start).unwrap_or_else(|| panic!("no {name}: {page}")) + start.len();
        page[at..].split('"').next().unwrap_or_default().to_owned()
    };
    (value("one"), value("other"))
}

async fn two_people_stay_two_and_are_not_asked_about_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    qualifying::did(&turnout, 1, vec![who("Ann Baker", "ann@example.org")]).await;
    let code = qualifying::second(&turnout, "S9").await;
    let other = who("Ann Baker", "another@example.org");
    let asked = book_places(&turnout.ctx, &Actor::Api, asks(&code, 2, &other)).await;
    let asked = asked.expect("a request").registration;
    assert_eq!(turnout.states(asked.id).await, ["requested"], "it is unclear");
    known(&turnout, "").await;
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let overview = page(&office, "/office").await;
    assert!(overview.contains("1 pair of people may be the same person"), "{overview}");
    let shown = page(&office, QUESTIONS).await;
    for words in ["The same name", "Other addresses", "Other institutions", "ann@example.org"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let (one, two) = first(&shown);
    let body = format!("one={one}&other={two}&answer=two");
    let (status, there) = post(&office, QUESTIONS, &body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let shown = page(&office, &there).await;
    assert!(shown.contains("They are two people") && shown.contains("Nothing to ask"), "{shown}");
    assert!(!page(&office, "/office").await.contains("may be the same person"));
    // What one did is not what the other may have done, and nobody asks again.
    let code = qualifying::second(&turnout, "S10").await;
    let again = book_places(&turnout.ctx, &Actor::Api, asks(&code, 2, &other)).await;
    assert!(matches!(again, Err(BookError::NominationMissing)), "{again:?}");
    let ann = who("Ann Baker", "ann@example.org");
    let ann = book_places(&turnout.ctx, &Actor::Api, asks(&code, 1, &ann)).await.expect("Ann");
    assert_eq!(turnout.states(ann.registration.id).await, ["confirmed"]);
    known(&turnout, "").await;
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"));
    let log = page(&office, "/office/audit").await;
    assert!(log.to_lowercase().contains("told apart"), "{log}");
    turnout.is_sound().await;
}

async fn the_same_person_is_made_one_and_has_done_what_she_did(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    qualifying::did(&turnout, 1, vec![who("Ann Baker", "ann@example.org")]).await;
    let first_again = turnout.plan("S2", "first", 9, |session| {
        session.sittings[0] = turnout.sitting(1, session.sittings[0].starts + Duration::days(40));
    });
    let first_again = first_again.await;
    let other = who("Ann Baker", "another@example.org");
    let asked = asks(&first_again, 1, &other);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    known(&turnout, "").await;
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let (one, two) = first(&page(&office, QUESTIONS).await);
    let body = format!("one={one}&other={two}&answer=same");
    let (status, there) = post(&office, QUESTIONS, &body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(page(&office, &there).await.contains("They are one person now."), "{there}");
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"));
    let code = qualifying::second(&turnout, "S9").await;
    let booked = book_places(&turnout.ctx, &Actor::Api, asks(&code, 2, &other)).await;
    let booked = booked.expect("a booking").registration;
    assert_eq!(turnout.states(booked.id).await, ["confirmed"], "she has done it, by any address");
    turnout.is_sound().await;
}

async fn what_stands_twice_is_shown_before_they_are_made_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    books(&turnout, &code, &who("Ada Obbi", "ada@example.org")).await;
    known(&turnout, "").await;
    let office = office(&turnout).await;
    let (one, two) = first(&page(&office, QUESTIONS).await);
    let body = format!("one={one}&other={two}&answer=same");
    let (_, there) = post(&office, QUESTIONS, &body).await;
    assert!(there.contains("/merge?with="), "{there}");
    assert!(page(&office, &there).await.contains("Both have a place on Course first, S1"));
    turnout.is_sound().await;
}

async fn a_shared_inbox_is_no_question_and_a_slip_in_a_name_is(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for name in ["Ada Obi", "Ben Obi"] {
        books(&turnout, &code, &who(name, "family@example.org")).await;
    }
    known(&turnout, "").await;
    let office = office(&turnout).await;
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"));
    books(&turnout, &code, &who("Ada Obbi", "family@example.org")).await;
    known(&turnout, "").await;
    let shown = page(&office, QUESTIONS).await;
    assert!(shown.contains("Nearly the same name"), "{shown}");
    assert!(shown.contains("The same address, family@example.org"), "{shown}");
    assert_eq!(shown.matches("<h2 id=\"pair-").count(), 1, "{shown}");
    turnout.is_sound().await;
}

async fn what_was_taken_back_is_not_asked_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    books(&turnout, &code, &who("Ada Obbi", "ada@example.org")).await;
    known(&turnout, "").await;
    let office = office(&turnout).await;
    let (one, two) = first(&page(&office, QUESTIONS).await);
    post(&office, &format!("/office/people/{one}/merge"), &format!("with={two}")).await;
    let (status, _) = post(&office, &format!("/office/people/{one}/unmerge"), "").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"), "they are two");
    turnout.is_sound().await;
}

async fn only_who_looks_after_both_is_asked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    books(&turnout, &code, &who("Ada Obbi", "ada@example.org")).await;
    known(&turnout, "").await;
    let mine = turnout.account("mine", Role::Organiser, &["oxford"]).await;
    let other = turnout.account("other", Role::Organiser, &["leeds"]).await;
    let (mine, other) = (turnout.signed_in(&mine).await, turnout.signed_in(&other).await);
    let shown = page(&mine, QUESTIONS).await;
    let (one, two) = first(&shown);
    assert!(page(&mine, "/office").await.contains("may be the same person"));
    assert!(page(&other, QUESTIONS).await.contains("Nothing to ask"));
    assert!(!page(&other, "/office").await.contains("may be the same person"));
    let body = format!("one={one}&other={two}&answer=two");
    let (status, _) = post(&other, QUESTIONS, &body).await;
    assert_eq!(status, Status::Forbidden);
    assert!(page(&mine, QUESTIONS).await.contains("name=\"one\""), "nothing was said");
}
