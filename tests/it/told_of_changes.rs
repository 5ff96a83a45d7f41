//! A change to a session with many people: told some at a time, and never half told.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::Duration;
use turnout::{
    actions::{
        booking::book_places::book_places,
        examine::examine,
        sessions::{
            announce::tell_late,
            change_session::{cancel_session, move_session},
        },
    },
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        session::Publication,
    },
    mail::reading::ReadLetter,
    token::{RandomSource, SystemRandom},
};

use crate::support::{TestTurnout, plan::request};

/// How many people come: some batches of bookings.
const PEOPLE: usize = 24;

/// Randomness that stops the program after so many draws, in the middle of whatever it does.
struct Stops(AtomicUsize);

impl RandomSource for Stops {
    fn fill(&self, bytes: &mut [u8]) {
        let left =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        assert!(left.is_ok(), "the program stops here, as the test wants");
        SystemRandom.fill(bytes);
    }
}

async fn full_session(turnout: &TestTurnout, code: &str) -> SessionCode {
    let session = turnout.plan(code, "first", 30, |_| {}).await;
    for number in 0..PEOPLE {
        let asked = request(&session, &format!("Person {code} {number}"), 1, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    turnout.letters().await;
    session
}

/// How many readers got how many letters, with a calendar file and without.
fn counted(letters: &[ReadLetter]) -> BTreeMap<(bool, usize), usize> {
    let mut readers: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for letter in letters {
        *readers.entry((&letter.to, letter.calendar.is_some())).or_default() += 1;
    }
    let mut counts = BTreeMap::new();
    for ((_, has_calendar), letters) in readers {
        *counts.entry((has_calendar, letters)).or_default() += 1;
    }
    counts
}

/// One letter to each, who leads and comes, with her calendar file.
fn once_each() -> BTreeMap<(bool, usize), usize> {
    BTreeMap::from([((true, 1), PEOPLE)])
}

async fn whoever_was_not_told_when_the_program_stopped_is_told_later(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for (number, draws) in [0, 2, 4, 20, 45].into_iter().enumerate() {
        let session = full_session(&turnout, &format!("S{number}")).await;
        let mut ctx = turnout.ctx.clone();
        ctx.random = Arc::new(Stops(AtomicUsize::new(draws)));
        let code = session.clone();
        let stopped = tokio::spawn(async move {
            cancel_session(&ctx, &Actor::CommandLine, &code, None, None).await.map(|_| ())
        });
        assert!(stopped.await.is_err(), "it stopped in the middle");
        let mut letters = turnout.letters().await;
        assert!(letters.len() < PEOPLE, "and not everybody was told");
        if turnout.session(&session).await.publication == Publication::Published {
            assert_eq!(letters.len(), 0, "what was not done is not told of");
            let actor = Actor::CommandLine;
            cancel_session(&turnout.ctx, &actor, &session, None, None)
                .await
                .expect("a cancellation");
        }
        tell_late(&turnout.ctx).await.expect("a look");
        turnout.clock.advance(Duration::minutes(2));
        tell_late(&turnout.ctx).await.expect("the rest");
        letters.extend(turnout.letters().await);
        assert_eq!(counted(&letters), once_each(), "stopped after {draws} draws");
        tell_late(&turnout.ctx).await.expect("nothing");
        assert_eq!(turnout.letters().await.len(), 0);
    }
}

async fn doctor_sees_people_who_are_not_told_for_an_hour(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = full_session(&turnout, "S1").await;
    let mut ctx = turnout.ctx.clone();
    ctx.random = Arc::new(Stops(AtomicUsize::new(30)));
    let mill = Location::Venue { name: "The Mill".to_owned(), address: "1 Mill Lane".to_owned() };
    let code = session.clone();
    let stopped = tokio::spawn(async move {
        move_session(&ctx, &Actor::CommandLine, &code, mill, None).await.map(|_| ())
    });
    assert!(stopped.await.is_err(), "it stopped in the middle");
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), [], "there is time yet");
    turnout.clock.advance(Duration::hours(2));
    let found = examine(&turnout.ctx).await.expect("a look");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].rule.contains("within an hour"), "{found:?}");
    let mut letters = turnout.letters().await;
    tell_late(&turnout.ctx).await.expect("the rest");
    letters.extend(turnout.letters().await);
    assert_eq!(counted(&letters), once_each());
}

on_both_databases!(
    whoever_was_not_told_when_the_program_stopped_is_told_later,
    doctor_sees_people_who_are_not_told_for_an_hour,
);
