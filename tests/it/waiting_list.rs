//! The waiting list: who is offered what comes free, and what becomes of an offer.

use chrono::Duration;
use turnout::{
    actions::{
        booking::{
            book_places::{Booked, book_places, confirm_booking},
            cancel_places::{Which, cancel_places},
            hold_places::{HoldRequest, hold_places},
            refusals::HoldError,
        },
        places::{settle::settle_all, standing::standing},
        waiting::answer_offer::{Decline, OfferError, accept_offer, decline_offer, wait_again},
    },
    domain::{
        audit::Actor,
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy::{self, AsManyAsPossible, Together},
        registration::Sender,
    },
};

use crate::support::{
    TestTurnout,
    plan::{leader, request, sender},
};

async fn book(
    turnout: &TestTurnout,
    session: &SessionCode,
    who: &str,
    places: usize,
    team: TeamPolicy,
) -> RegistrationId {
    let booked = book_places(&turnout.ctx, &Actor::Api, request(session, who, places, team)).await;
    booked.expect("a booking").registration.id
}

async fn cancel(turnout: &TestTurnout, id: RegistrationId) {
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("a cancel");
}

async fn position(turnout: &TestTurnout, id: RegistrationId) -> Option<usize> {
    let registration = turnout.registration(id).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    standing(&mut conn, &registration).await.expect("a read")
}

async fn a_team_is_answered_exactly_as_it_chose(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 3, |_| {}).await;
    let first = book(&turnout, &session, "Ada Obi", 2, Together).await;
    assert_eq!(turnout.states(first).await, ["confirmed", "confirmed"]);
    let together = book(&turnout, &session, "Ben Low", 2, Together).await;
    assert_eq!(turnout.states(together).await, ["waiting", "waiting"]);
    let some = book(&turnout, &session, "Cy Dunn", 2, AsManyAsPossible).await;
    assert_eq!(turnout.states(some).await, ["confirmed", "waiting"]);
    assert_eq!(position(&turnout, together).await, Some(1));
    assert_eq!(position(&turnout, some).await, Some(2));
    let subjects = turnout.subjects().await;
    let told = |start: &str| subjects.iter().any(|subject| subject.contains(start));
    assert!(told("Ben Low <ben.low@example.org>: You're on the waiting list"), "{subjects:?}");
    assert!(told("Cy Dunn <cy.dunn@example.org>: You're booked"), "{subjects:?}");
}

async fn a_freed_place_is_offered_in_the_same_breath_to_whom_it_fits(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 3, |_| {}).await;
    let one = book(&turnout, &session, "Ada Obi", 1, Together).await;
    let two = book(&turnout, &session, "Ben Low", 2, Together).await;
    let large = book(&turnout, &session, "Cy Dunn", 2, Together).await;
    let small = book(&turnout, &session, "Di Eze", 1, Together).await;
    turnout.letters().await;

    cancel(&turnout, one).await;
    assert_eq!(turnout.states(large).await, ["waiting", "waiting"], "two do not fit in one");
    assert_eq!(turnout.states(small).await, ["offered"], "the smaller team passes");
    assert_eq!(position(&turnout, large).await, Some(1), "and the larger keeps its number");
    let letters = turnout.letters().await;
    let offer = letters.iter().find(|letter| letter.to.contains("di.eze")).expect("an offer");
    assert!(offer.text.contains("/offers/"), "{}", offer.text);
    assert!(offer.text.contains("until 10am on Monday 4 January, London time"), "{}", offer.text);

    cancel(&turnout, two).await;
    assert_eq!(turnout.states(large).await, ["offered", "offered"]);
    assert_eq!(turnout.session(&session).await.occupancy.free(), 0);
    let count = accept_offer(&turnout.ctx, &Actor::Leader, small, None).await;
    assert_eq!(count.expect("an answer"), 1);
    assert_eq!(turnout.states(small).await, ["confirmed"]);
    let subjects = turnout.subjects().await;
    let to = |who: &str, what: &str| subjects.iter().any(|s| s.contains(who) && s.contains(what));
    assert!(to("di.eze", "You're booked") && !to("di.eze", "You have a place"), "{subjects:?}");
    let again = accept_offer(&turnout.ctx, &Actor::Leader, small, None).await;
    assert!(matches!(again, Err(OfferError::NoOffer)));
}

async fn an_offer_without_an_answer_lapses_to_the_next(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let holder = book(&turnout, &session, "Ada Obi", 1, Together).await;
    let first = book(&turnout, &session, "Ben Low", 1, Together).await;
    let second = book(&turnout, &session, "Cy Dunn", 1, Together).await;
    cancel(&turnout, holder).await;
    turnout.letters().await;
    turnout.clock.advance(Duration::hours(48) - Duration::seconds(1));
    settle_all(&turnout.ctx).await.expect("a sweep");
    assert_eq!(turnout.states(first).await, ["offered"]);
    turnout.clock.advance(Duration::seconds(1));
    let late = accept_offer(&turnout.ctx, &Actor::Leader, first, None).await;
    assert!(matches!(late, Err(OfferError::NoOffer)), "a late answer finds it gone");
    assert_eq!(turnout.states(first).await, ["lapsed"]);
    assert_eq!(turnout.states(second).await, ["offered"], "settled by the late answer itself");
    assert_eq!(settle_all(&turnout.ctx).await.expect("a sweep").offers, 0);
    let subjects = turnout.subjects().await;
    assert!(subjects.iter().any(|s| s.contains("ben.low") && s.contains("This offer has ended")));

    let back = wait_again(&turnout.ctx, &Actor::Leader, first).await.expect("an answer");
    assert_eq!(back, Some(1), "the other has an offer, so nobody else waits");
    assert_eq!(turnout.states(first).await, ["waiting"]);
    let twice = wait_again(&turnout.ctx, &Actor::Leader, first).await.expect("an answer");
    assert_eq!(twice, None);
}

async fn a_declined_offer_moves_on_and_whoever_passed_keeps_the_number(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let holder = book(&turnout, &session, "Ada Obi", 1, Together).await;
    let first = book(&turnout, &session, "Ben Low", 1, Together).await;
    let second = book(&turnout, &session, "Cy Dunn", 1, Together).await;
    let third = book(&turnout, &session, "Di Eze", 1, Together).await;
    let ctx = &turnout.ctx;
    cancel(&turnout, holder).await;
    decline_offer(ctx, &Actor::Leader, first, Decline::PassItOn).await.expect("an answer");
    assert_eq!(turnout.states(first).await, ["waiting"]);
    assert_eq!(turnout.states(second).await, ["offered"]);
    assert_eq!(position(&turnout, first).await, Some(1));
    decline_offer(ctx, &Actor::Leader, second, Decline::LeaveTheList).await.expect("an answer");
    assert_eq!(turnout.states(second).await, ["declined"]);
    assert_eq!(turnout.states(first).await, ["waiting"], "she is left in peace for a day");
    assert_eq!(turnout.states(third).await, ["offered"]);
    settle_all(ctx).await.expect("a sweep");
    turnout.clock.advance(Duration::hours(24));
    cancel(&turnout, third).await;
    assert_eq!(turnout.states(first).await, ["offered"], "a cancelled offer moves on, to her");
}

async fn some_of_an_offer_is_enough_for_a_team_that_said_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 3, |_| {}).await;
    let holder = book(&turnout, &session, "Ada Obi", 3, Together).await;
    let some = book(&turnout, &session, "Ben Low", 2, AsManyAsPossible).await;
    let all = book(&turnout, &session, "Cy Dunn", 1, Together).await;
    let ctx = &turnout.ctx;
    cancel(&turnout, holder).await;
    assert_eq!(turnout.states(some).await, ["offered", "offered"]);
    let nobody = accept_offer(ctx, &Actor::Leader, some, Some(&[9])).await;
    assert!(matches!(nobody, Err(OfferError::NothingChosen)));
    accept_offer(ctx, &Actor::Leader, some, Some(&[2])).await.expect("an answer");
    assert_eq!(turnout.states(some).await, ["declined", "confirmed"]);
    assert_eq!(turnout.states(all).await, ["offered"]);

    let pair = book(&turnout, &session, "Di Eze", 2, Together).await;
    cancel(&turnout, some).await;
    cancel(&turnout, all).await;
    assert_eq!(turnout.states(pair).await, ["offered", "offered"], "it keeps waiting for two");
    let wide = turnout.plan("S2", "first", 2, |_| {}).await;
    let holder = book(&turnout, &wide, "Ada Obi", 2, Together).await;
    let pair = book(&turnout, &wide, "Di Eze", 2, Together).await;
    cancel(&turnout, holder).await;
    let half = accept_offer(ctx, &Actor::Leader, pair, Some(&[1])).await;
    assert!(matches!(half, Err(OfferError::AllOrNothing)));
    assert_eq!(turnout.states(pair).await, ["offered", "offered"]);
}

async fn an_institution_at_its_limit_waits_for_itself_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session =
        turnout.plan("S1", "first", 10, |session| session.places_per_institution = Some(2)).await;
    let ask = |who: &str, places, of| {
        let mut asked = request(&session, who, places, AsManyAsPossible);
        asked.sender = sender(of);
        asked
    };
    let ctx = &turnout.ctx;
    let made = book_places(ctx, &Actor::Api, ask("Ada Obi", 3, 1)).await.expect("a booking");
    let brigid = made.registration.id;
    assert_eq!(turnout.states(brigid).await, ["confirmed", "confirmed", "waiting"]);
    let made = book_places(ctx, &Actor::Api, ask("Ben Low", 1, 1)).await.expect("a booking");
    assert_eq!(turnout.states(made.registration.id).await, ["waiting"], "across registrations");
    let made = book_places(ctx, &Actor::Api, ask("Cy Dunn", 2, 2)).await.expect("a booking");
    assert_eq!(turnout.states(made.registration.id).await, ["confirmed", "confirmed"]);
    let place = turnout.registration(brigid).await.places[0].id;
    cancel_places(ctx, &Actor::Leader, brigid, Which::One(place), None).await.expect("a cancel");
    assert_eq!(turnout.states(brigid).await, ["cancelled", "confirmed", "offered"]);
}

async fn nothing_is_offered_too_late_or_for_a_list_that_is_shut(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let holder = book(&turnout, &session, "Ada Obi", 1, Together).await;
    let waits = book(&turnout, &session, "Ben Low", 1, Together).await;
    let starts = turnout.session(&session).await.starts_at().expect("a start");
    turnout.clock.advance(starts - turnout.ctx.now());
    cancel(&turnout, holder).await;
    settle_all(&turnout.ctx).await.expect("a sweep");
    assert_eq!(turnout.states(waits).await, ["waiting"], "it has begun");

    let shut = turnout
        .plan("S2", "first", 1, |session| {
            session.waiting_list = false;
            let later = turnout.ctx.now().naive_utc() + Duration::days(7);
            session.sittings = vec![turnout.sitting(1, later)];
        })
        .await;
    book(&turnout, &shut, "Ada Obi", 1, Together).await;
    let refused =
        book_places(&turnout.ctx, &Actor::Api, request(&shut, "Ben Low", 1, Together)).await;
    let error = refused.expect_err("no list").to_string();
    assert_eq!(error, "0 places are left");
}

async fn what_a_leader_cannot_hold_waits_once_she_books(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 3, |_| {}).await;
    book(&turnout, &session, "Ada Obi", 2, Together).await;
    let ask = |team| HoldRequest {
        session: session.clone(),
        leader: leader("Ben Low"),
        sender: Sender::Herself,
        team,
        places: 2,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    let ctx = &turnout.ctx;
    let together = hold_places(ctx, ask(Together)).await;
    assert!(matches!(together, Err(HoldError::NotEnough { free: 1 })));
    let held = hold_places(ctx, ask(AsManyAsPossible)).await.expect("a hold");
    assert_eq!(turnout.states(held.registration).await, ["held"]);
    let next = book(&turnout, &session, "Cy Dunn", 1, Together).await;
    assert_eq!(turnout.states(next).await, ["waiting"], "the held place is not free");
    confirm_booking(ctx, held.registration, None).await.expect("a booking");
    assert_eq!(turnout.states(held.registration).await, ["confirmed", "waiting"]);
    assert_eq!(position(&turnout, held.registration).await, Some(2));
}

async fn a_hold_that_runs_out_goes_to_whoever_waits(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let ask = HoldRequest {
        session: session.clone(),
        leader: leader("Ada Obi"),
        sender: Sender::Herself,
        team: Together,
        places: 1,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    let held = hold_places(&turnout.ctx, ask).await.expect("a hold");
    let waits = book(&turnout, &session, "Ben Low", 1, Together).await;
    assert_eq!(turnout.states(waits).await, ["waiting"]);
    turnout.clock.advance(Duration::minutes(16));
    let late = confirm_booking(&turnout.ctx, held.registration, None).await;
    assert!(late.is_err());
    assert_eq!(turnout.states(waits).await, ["offered"], "the late click offered it on");
}

async fn leaving_the_list_tells_nobody_else_and_frees_the_number(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    book(&turnout, &session, "Ada Obi", 1, Together).await;
    let first = book(&turnout, &session, "Ben Low", 2, Together).await;
    let second = book(&turnout, &session, "Cy Dunn", 1, Together).await;
    assert_eq!(position(&turnout, second).await, Some(2));
    turnout.letters().await;
    let gone = cancel_places(&turnout.ctx, &Actor::Leader, first, Which::Waiting, None).await;
    assert_eq!(gone.expect("a cancel").len(), 2);
    assert_eq!(position(&turnout, second).await, Some(1));
    let subjects = turnout.subjects().await;
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    assert!(subjects[0].contains("ben.low"));
}

async fn the_same_attempt_twice_waits_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    book(&turnout, &session, "Ada Obi", 1, Together).await;
    let mut ask = request(&session, "Ben Low", 1, Together);
    ask.attempt = Some("a key".to_owned());
    let ctx = &turnout.ctx;
    let one: Booked = book_places(ctx, &Actor::Api, ask.clone()).await.expect("a booking");
    let two = book_places(ctx, &Actor::Api, ask).await.expect("the same");
    assert_eq!(one.registration.id, two.registration.id);
    assert!(two.repeated && !one.repeated);
    assert_eq!(turnout.session(&session).await.occupancy.waiting, 1);
}

on_both_databases!(
    a_team_is_answered_exactly_as_it_chose,
    a_freed_place_is_offered_in_the_same_breath_to_whom_it_fits,
    an_offer_without_an_answer_lapses_to_the_next,
    a_declined_offer_moves_on_and_whoever_passed_keeps_the_number,
    some_of_an_offer_is_enough_for_a_team_that_said_so,
    an_institution_at_its_limit_waits_for_itself_alone,
    nothing_is_offered_too_late_or_for_a_list_that_is_shut,
    what_a_leader_cannot_hold_waits_once_she_books,
    a_hold_that_runs_out_goes_to_whoever_waits,
    leaving_the_list_tells_nobody_else_and_frees_the_number,
    the_same_attempt_twice_waits_once,
);
