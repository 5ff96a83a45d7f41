//! What the people who hold it are written: trainers, whoever has a new account, and organisers who
//! want to hear of places given up.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        letters::list_withdrawals::list_withdrawals,
        sessions::{edit_session::edit_session, publish_session::publish_session},
        staff::sign_in::sign_in,
    },
    domain::{
        audit::Actor,
        id::{SessionCode, StaffLogin},
        occupancy::TeamPolicy::Together,
        plan::SessionDetails,
        session::{Publication, Session, Trainer},
        staff::Role,
    },
    mail::reading::ReadLetter,
    token::Token,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    trainers_are_told_that_they_lead_a_session_and_that_they_do_not,
    nobody_is_told_of_a_draft_until_it_is_published,
    whoever_has_a_new_account_can_sign_in_from_her_letter,
    withdrawals_come_in_one_letter_a_day_to_whoever_wants_it,
    answers_go_to_the_alliance_but_for_those_of_calendars,
);

fn led_by(logins: &[&str]) -> Vec<Trainer> {
    let trainer = |login: &&str| Trainer {
        login: login.parse().expect("a login"),
        name: (*login).to_owned(),
    };
    logins.iter().map(trainer).collect()
}

/// A session's details with other trainers.
fn details(session: &Session, trainers: &[&StaffLogin]) -> SessionDetails {
    SessionDetails {
        access: session.access.clone(),
        places_per_institution: session.places_per_institution,
        places_per_booking: session.places_per_booking,
        mode: session.mode,
        booking_opens: session.booking_opens,
        booking_closes: session.booking_closes,
        waiting_list: session.waiting_list,
        admission: Default::default(),
        trainers: trainers.iter().map(|login| (*login).clone()).collect(),
        note: session.note.clone(),
        words: session.words.clone(),
        aims: session.aims.clone(),
        overnight: session.overnight.clone(),
    }
}

async fn lead(turnout: &TestTurnout, code: &SessionCode, trainers: &[&StaffLogin]) {
    let session = turnout.session(code).await;
    let details = details(&session, trainers);
    edit_session(&turnout.ctx, &Actor::CommandLine, code, &details, None).await.expect("a change");
}

fn header<'l>(letter: &'l ReadLetter, name: &str) -> Option<&'l str> {
    let found = letter.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

async fn trainers_are_told_that_they_lead_a_session_and_that_they_do_not(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let amina = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let ben = turnout.account("ben", Role::Trainer, &["oxford"]).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    turnout.letters().await;
    lead(&turnout, &code, &[&amina]).await;
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].to.contains("amina@example.org"));
    assert_eq!(letters[0].subject, "You are a trainer of Course first, Sat 30 January 2027");
    for words in ["10am to noon (London time)", "/trainer/sessions/S1/roster", "Oxford Citizens"] {
        assert!(letters[0].text.contains(words), "{words} in {}", letters[0].text);
    }
    lead(&turnout, &code, &[&amina]).await;
    assert_eq!(turnout.subjects().await, Vec::<String>::new(), "nothing is new to her");
    lead(&turnout, &code, &[&ben]).await;
    assert_eq!(
        turnout.subjects().await,
        [
            "ben <ben@example.org>: You are a trainer of Course first, Sat 30 January 2027",
            "amina <amina@example.org>: You are no longer a trainer of Course first, Sat 30 \
             January 2027",
        ]
    );
}

async fn nobody_is_told_of_a_draft_until_it_is_published(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let amina = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let code = turnout
        .plan("S1", "first", 9, |session| {
            session.publication = Publication::Draft;
            session.trainers = led_by(&["amina"]);
        })
        .await;
    turnout.letters().await;
    lead(&turnout, &code, &[]).await;
    lead(&turnout, &code, &[&amina]).await;
    assert_eq!(turnout.subjects().await, Vec::<String>::new());
    publish_session(&turnout.ctx, &Actor::CommandLine, &code, None).await.expect("a publication");
    let subjects = turnout.subjects().await;
    assert_eq!(subjects.len(), 1);
    assert!(subjects[0].contains("amina@example.org>: You are a trainer of"), "{subjects:?}");
}

async fn whoever_has_a_new_account_can_sign_in_from_her_letter(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let keeper = turnout.account("keeper", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&keeper).await;
    let body = "name=Amina&email=amina%40example.org&role=trainer&alliance-oxford=1";
    let (status, page) = post(&browser, "/office/new-account", body).await;
    assert_eq!(status, Status::SeeOther, "{page}");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "You have an account on Turnout");
    assert!(letters[0].text.contains("10am on Sunday 3 January, London time"));
    let link = letters[0].text.lines().find_map(|line| line.split_once("/sign-in/"));
    let token: Token = link.expect("a link").1.parse().expect("a token");
    turnout.clock.advance(Duration::hours(23));
    let signed_in = sign_in(&turnout.ctx, &token, Duration::hours(1)).await.expect("a look");
    assert!(signed_in.is_some());
    let again = sign_in(&turnout.ctx, &token, Duration::hours(1)).await.expect("a look");
    assert!(again.is_none(), "it works once");
}

async fn withdrawals_come_in_one_letter_a_day_to_whoever_wants_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let amina = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    assert!(!page(&turnout.signed_in(&amina).await, "/account").await.contains("give up"));
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let give_up = async |which| {
        let id = booked.registration.id;
        cancel_places(&turnout.ctx, &Actor::Leader, id, which, None).await.expect("an end");
        turnout.letters().await;
    };
    give_up(Which::One(booked.registration.places[2].id)).await;
    turnout.clock.advance(Duration::days(1));
    assert_eq!(list_withdrawals(&turnout.ctx).await.expect("a look"), 0, "nobody asked for it");

    let browser = turnout.signed_in(&ruth).await;
    assert!(page(&browser, "/account").await.contains("Tell me when people give up their places"));
    let (status, there) = post(&browser, "/account/letters", "withdrawals=1").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&browser, &there).await.contains("value=\"1\" checked"));
    turnout.clock.advance(Duration::minutes(1));
    give_up(Which::One(booked.registration.places[1].id)).await;
    give_up(Which::One(booked.registration.places[0].id)).await;
    assert_eq!(list_withdrawals(&turnout.ctx).await.expect("a look"), 0, "not before morning");
    turnout.clock.advance(Duration::hours(21));
    assert_eq!(list_withdrawals(&turnout.ctx).await.expect("a look"), 1);
    assert_eq!(list_withdrawals(&turnout.ctx).await.expect("a look"), 0, "once");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "2 places given up since 10am on Sunday 3 January");
    assert!(letters[0].text.contains("Ada Obi and Ben Low. 0 of 9 places are taken."));
    turnout.clock.advance(Duration::days(1));
    assert_eq!(list_withdrawals(&turnout.ctx).await.expect("a look"), 0, "nobody withdrew");
    let browser = turnout.signed_in(&ruth).await;
    let (_, there) = post(&browser, "/account/letters", "").await;
    assert!(page(&browser, &there).await.contains("You get no letters about places given up"));
}

async fn answers_go_to_the_alliance_but_for_those_of_calendars(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 2, Together);
    team.attendees = vec![Some(attendee("Ben Low")), None];
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    for letter in turnout.letters().await {
        let answers = header(&letter, "Reply-To");
        if letter.calendar.is_some() {
            assert_eq!(answers, None, "a machine reads what calendars answer");
        } else {
            assert_eq!(answers, Some("oxford@example.org"), "{}", letter.subject);
        }
        assert!(letter.text.contains("Oxford Citizens"), "{}", letter.text);
    }
}
