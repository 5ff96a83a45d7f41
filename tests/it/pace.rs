//! What a booking costs: statements between BEGIN and COMMIT, counted where they pass, and how often the database
//! is asked for them.

use turnout::{
    actions::booking::{
        book_places::{book_places, confirm_booking},
        hold_places::{HoldRequest, hold_places},
        name_attendees::name_attendees,
    },
    domain::{
        audit::Actor,
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
    },
};

use crate::support::{
    TestTurnout,
    plan::{attendee, leader, request, sender},
};

const NAMES: [&str; 6] = ["Ada Obi", "Bo Lee", "Cy Ray", "Di Fox", "Ed Kay", "Flo Day"];

/// As the API books: six people with addresses, or one.
async fn booking_at_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for (people, most, ways) in [(1, 13, 8), (6, 15, 8)] {
        let session = turnout.plan(&format!("S{people}"), "first", 30, |_| {}).await;
        let mut asked = request(&session, NAMES[people - 1], people, AsManyAsPossible);
        asked.sender = sender(1);
        asked.attempt = Some(format!("an attempt for {people}"));
        asked.attendees = NAMES[..people].iter().map(|name| Some(attendee(name))).collect();
        // Nobody is on it already, which is looked for.
        asked.apart.clear();
        let store = &turnout.ctx.store;
        let before = (store.statements(), store.ways());
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        let spent = (store.statements() - before.0, store.ways() - before.1);
        assert_eq!(booked.registration.confirmed().count(), people);
        assert!(spent.0 <= most, "{people} people: {} statements, at most {most}", spent.0);
        assert!(spent.1 <= ways, "{people} people: asked {} times, at most {ways}", spent.1);
    }
    turnout.is_sound().await;
}

/// As the web books: places are held, people named, and the booking sent off. Each is a
/// transaction of its own.
async fn booking_step_by_step(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for (people, most) in [(1, 13), (6, 15)] {
        // Nobody is on it already.
        let session = turnout.plan(&format!("S{people}"), "first", 30, |_| {}).await;
        let ask = HoldRequest {
            session: session.clone(),
            leader: leader(NAMES[people - 1]),
            sender: sender(1),
            team: Together,
            places: u32::try_from(people).expect("a few"),
            leader_comes: false,
            apart: false,
            instead_of: None,
            network: None,
            attempt: Some(format!("an attempt for {people}")),
        };
        let ctx = &turnout.ctx;
        let before = ctx.store.statements();
        let held = hold_places(ctx, ask).await.expect("a hold");
        let spent = ctx.store.statements() - before;
        assert!(spent <= most, "{people} held: {spent} statements, at most {most}");
        let named = NAMES[..people].iter().map(|name| Some(attendee(name)));
        let named: Vec<_> = (1..).zip(named).collect();
        name_attendees(ctx, held.registration, &named).await.expect("names");
        let before = ctx.store.statements();
        let booked = confirm_booking(ctx, held.registration, None).await;
        let spent = ctx.store.statements() - before;
        let booked = booked.expect("a booking");
        assert_eq!(booked.confirmed().count(), people);
        assert_eq!(booked, turnout.registration(booked.id).await, "what is answered is stored");
        assert!(spent <= most, "{people} confirmed: {spent} statements, at most {most}");
    }
    turnout.is_sound().await;
}

/// The count is of statements that ran: what a team of six costs is not nothing.
async fn the_count_counts(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let before = turnout.ctx.store.statements();
    turnout.plan("S1", "first", 30, |_| {}).await;
    // The session and its one sitting.
    assert_eq!(turnout.ctx.store.statements() - before, 2);
}

on_both_databases!(booking_at_once, booking_step_by_step, the_count_counts);
