//! Many at once: never a place too many, everybody answered, nobody passed over.

use std::{collections::HashMap, sync::Arc};

use serde_json::json;
use sqlx::Connection;
use tokio::sync::Barrier;
use turnout::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, book_places},
            cancel_places::{Which, cancel_places},
            refusals::{BookError, HoldError},
        },
        letters::deliver_letters::deliver_due,
        waiting::answer_offer::accept_offer,
    },
    clock::{Clock, FixedClock, SystemClock},
    domain::{
        audit::Actor,
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
        place::{PlaceState, PlaceStatus},
        session::Session,
    },
    mail::{Transport, reading::ReadLetter},
    store::{
        StoreError,
        places::{self, Cause},
        session_lock,
    },
    token::{SystemRandom, row_id},
};

use crate::support::{TestTurnout, plan::request, server::Server};

const LEADERS: usize = 200;
const PLACES: u32 = 30;

/// Places of a session by state.
async fn count(turnout: &TestTurnout, session: &SessionCode, status: PlaceStatus) -> usize {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let places = places::of_session(&mut conn, session).await.expect("a read");
    places.into_values().flatten().filter(|place| place.state.status() == status).count()
}

/// Books. Whoever finds every connection in use for longer than she waits is told to try again, and does.
async fn books(ctx: &ActionContext, asked: BookRequest) -> RegistrationId {
    for _ in 0..20 {
        match book_places(ctx, &Actor::Api, asked.clone()).await {
            Err(BookError::Hold(HoldError::Store(StoreError::Unavailable(_)))) => {}
            booked => return booked.expect("an answer").registration.id,
        }
    }
    panic!("nobody is told to try again for so long");
}

async fn teams_of_every_kind_share_thirty_places_while_others_cancel(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", PLACES, |_| {}).await;
    let tasks: Vec<_> = (0..LEADERS)
        .map(|number| {
            let team = if number.is_multiple_of(2) { Together } else { AsManyAsPossible };
            let asked = request(&session, &format!("Leader {number}"), 1 + number % 4, team);
            let ctx = turnout.ctx.clone();
            tokio::spawn(async move {
                let id = books(&ctx, asked).await;
                // Every third leader thinks better of it; every other answers what she is offered.
                if number.is_multiple_of(3) {
                    let which = Which::All;
                    cancel_places(&ctx, &Actor::Leader, id, which, None).await.expect("an answer");
                } else {
                    let _ = accept_offer(&ctx, &Actor::Leader, id, None).await;
                }
                id
            })
        })
        .collect();
    let mut everybody: Vec<RegistrationId> = Vec::new();
    for task in tasks {
        everybody.push(task.await.expect("an answer"));
    }
    turnout.is_sound().await;
    // Whoever was offered a place after she looked accepts now, until nothing more is offered.
    loop {
        let mut answered = 0;
        for id in &everybody {
            let taken = accept_offer(&turnout.ctx, &Actor::Leader, *id, None).await;
            answered += usize::from(taken.is_ok());
        }
        if answered == 0 {
            break;
        }
    }
    let occupied = turnout.session(&session).await.occupancy.occupied;
    assert_eq!(count(&turnout, &session, PlaceStatus::Offered).await, 0);
    assert_eq!(count(&turnout, &session, PlaceStatus::Confirmed).await, occupied as usize);
    let free = PLACES - occupied;
    let mut smallest = None;
    for id in everybody {
        let registration = turnout.registration(id).await;
        let waiting = registration.places_in(PlaceStatus::Waiting).count();
        if waiting > 0 {
            let need = if registration.team == Together { waiting } else { 1 };
            smallest = smallest.map_or(Some(need), |least: usize| Some(least.min(need)));
        }
    }
    assert!(smallest.is_some_and(|need| need > free as usize), "{free} free, {smallest:?} needed");
}

/// The same task with the lock left out: read, then write. It must be seen to go wrong, or the
/// test above proves nothing; and even so the database holds back what is too much.
async fn without_the_lock_the_race_is_real_and_the_database_stops_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let one = book_places(&turnout.ctx, &Actor::Api, request(&session, "Ada Obi", 1, Together))
        .await
        .expect("a registration to hang places on");
    let everybody_has_looked = Arc::new(Barrier::new(12));
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let (turnout, session) = (turnout.clone(), session.clone());
            let (owner, barrier) = (one.registration.id, Arc::clone(&everybody_has_looked));
            tokio::spawn(async move {
                let seen = turnout.session(&session).await.occupancy.free();
                barrier.wait().await;
                assert!(seen > 0, "everybody sees room");
                write_without_a_lock(&turnout, &session, owner, 2 + number).await
            })
        })
        .collect();
    let (mut written, mut held_back) = (0, 0);
    for task in tasks {
        match task.await.expect("an answer") {
            Ok(()) => written += 1,
            Err(StoreError::Oversold) => held_back += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((written, held_back), (4, 8), "eight were promised a place that was not there");
}

/// Writes a place behind the program's back: `turnout` itself writes none without the lock.
async fn write_without_a_lock(
    turnout: &TestTurnout,
    session: &SessionCode,
    owner: RegistrationId,
    number: i32,
) -> Result<(), StoreError> {
    const TEXT: &str = "insert into places (id, registration, session, number, state, changed_at,
        changed_by) values ($1, $2, $3, $4, 'confirmed', $5, 'job')";
    let id = row_id(&SystemRandom, &SystemClock);
    let (owner, session, at) = (owner.uuid(), session.as_str(), turnout.ctx.now());
    if turnout.url.starts_with("sqlite") {
        let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await?;
        let query = sqlx::query(TEXT).bind(id).bind(owner).bind(session).bind(number).bind(at);
        query.execute(&mut conn).await?;
    } else {
        let mut conn = sqlx::PgConnection::connect(&turnout.url).await?;
        let query = sqlx::query(TEXT).bind(id).bind(owner).bind(session).bind(number).bind(at);
        query.execute(&mut conn).await?;
    }
    Ok(())
}

/// A state is written only over the one it was read from, and only on the session that is locked.
async fn a_move_from_a_state_that_is_gone_is_an_error(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let other = turnout.plan("S2", "first", 5, |_| {}).await;
    let asked = request(&session, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let mut place = booked.registration.places[0].clone();
    let mut the_same_again = place.clone();
    let cause = Cause { by: &Actor::Job, at: turnout.ctx.now(), why: None };

    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let gone = place.becomes(PlaceState::Cancelled).expect("a move");
    let locked = session_lock::lock(&mut tx, &other).await.expect("a lock");
    let elsewhere = places::set_states(&mut locked.expect("a session"), &[gone], cause).await;
    assert!(matches!(elsewhere, Err(StoreError::Stale { table: "places", .. })), "{elsewhere:?}");

    let locked = session_lock::lock(&mut tx, &session).await.expect("a lock");
    let mut locked = locked.expect("a session");
    places::set_states(&mut locked, &[gone], cause).await.expect("a write");
    let late = the_same_again.becomes(PlaceState::Cancelled).expect("a move");
    let late = places::set_states(&mut locked, &[late], cause).await;
    let row = the_same_again.id.to_string();
    assert!(matches!(late, Err(StoreError::Stale { row: of, .. }) if of == row));
    // Nobody was told of it, so it is not to last: the transaction ends here.
}

/// A session four weeks from today, for programs that live by the real clock.
fn in_four_weeks(turnout: &TestTurnout, session: &mut Session) {
    let starts = SystemClock.now().naive_utc() + chrono::Duration::days(28);
    session.sittings = vec![turnout.sitting(1, starts)];
}

fn team(number: usize) -> serde_json::Value {
    let places: Vec<_> = (0..=number % 3).map(|_| json!({})).collect();
    json!({
        "leader": {"name": "Ruth Okafor", "email": format!("leader{number}@example.org")},
        "team": if number.is_multiple_of(2) { "together" } else { "as-many-as-possible" },
        "places": places,
    })
}

/// Books as a program does: told that nothing was booked since too many ask at once, it asks again with the same
/// key.
async fn booked_at_last(
    server: &Server,
    key: &str,
    team: &serde_json::Value,
) -> Option<(u16, serde_json::Value)> {
    for _ in 0..20 {
        let answer = server.book("S1", key, team).await?;
        if answer.0 != 503 {
            return Some(answer);
        }
    }
    None
}

async fn two_servers_share_one_session(turnout: TestTurnout) {
    let turnout = turnout.season().await.by_the_real_clock();
    let code =
        turnout.plan("S1", "first", PLACES, |session| in_four_weeks(&turnout, session)).await;
    let folder = tempfile::tempdir().expect("a folder");
    // SQLite is for one process; a second one of it would still be safe, only slower.
    let nodes = if turnout.url.starts_with("sqlite") { 1 } else { 2 };
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(Arc::new(Server::start(&turnout.url, folder.path()).await));
    }
    let tasks: Vec<_> = (0..LEADERS)
        .map(|number| {
            let server = Arc::clone(&servers[number % nodes]);
            let key = format!("a key nobody guesses {number}").replace(' ', "-");
            tokio::spawn(async move { booked_at_last(&server, &key, &team(number)).await })
        })
        .collect();
    for task in tasks {
        let (status, body) = task.await.expect("a task").expect("an answer");
        assert_eq!(status, 201, "{body}");
    }
    let occupancy = turnout.session(&code).await.occupancy;
    assert!(occupancy.occupied <= PLACES && occupancy.waiting > 0, "{occupancy:?}");
    assert!(PLACES - occupancy.occupied < 3, "no team of three or fewer waits beside room");
}

async fn killed_in_the_middle_it_has_every_booking_it_answered(turnout: TestTurnout) {
    let turnout = turnout.season().await.by_the_real_clock();
    turnout.plan("S1", "first", 2000, |session| in_four_weeks(&turnout, session)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut answered: Vec<String> = Vec::new();
    for round in 0..10 {
        let server = Arc::new(Server::start(&turnout.url, folder.path()).await);
        let mut bookings = tokio::task::JoinSet::new();
        for number in 0..50 {
            let server = Arc::clone(&server);
            bookings.spawn(async move {
                let key = format!("round-{round}-booking-{number}-of-fifty");
                server.book("S1", &key, &team(number + 50 * round)).await
            });
        }
        let mut ended = 0;
        while let Some(answer) = bookings.join_next().await {
            if let Some((201, body)) = answer.expect("a task") {
                answered.push(body["reference"].as_str().expect("a reference").to_owned());
            }
            ended += 1;
            // The server dies while the last of these are on their way.
            if ended == 30 + round {
                server.kill();
            }
        }
    }
    assert!(answered.len() >= 300, "{}", answered.len());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    for reference in &answered {
        let reference = reference.parse().expect("a reference");
        let found = turnout::store::registrations::find_by_reference(&mut conn, &reference).await;
        assert!(found.expect("a read").is_some(), "{reference} was answered and is gone");
    }
    drop(conn);
    turnout.is_sound().await;
    // Letters that were being delivered when the server died go out after its claim ran out.
    let transport = Transport::from_url(&format!("folder:{}/mail", folder.path().display()), 1);
    let transport = transport.expect("a folder");
    let later = Arc::new(FixedClock::at(SystemClock.now() + chrono::Duration::hours(1)));
    let ctx = ActionContext { clock: later, ..turnout.ctx.clone() };
    deliver_due(&ctx, Arc::new(transport)).await.expect("a delivery");
    let mut messages = HashMap::new();
    let mut told = String::new();
    for entry in std::fs::read_dir(folder.path().join("mail")).expect("the letters") {
        let path = entry.expect("a letter").path();
        // A file that was being written when the server died has another name.
        if path.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let bytes = std::fs::read(path).expect("a letter");
        let letter = ReadLetter::parse(&bytes).expect("a letter");
        let id = letter.headers.iter().find(|(name, _)| name == "Message-ID").expect("an id");
        *messages.entry(id.1.clone()).or_insert(0) += 1;
        told += &letter.text;
    }
    assert!(messages.values().all(|count| *count == 1), "one Message-ID, one letter");
    for reference in &answered {
        assert!(told.contains(reference), "nobody was told of {reference}");
    }
}

on_both_databases!(
    teams_of_every_kind_share_thirty_places_while_others_cancel,
    without_the_lock_the_race_is_real_and_the_database_stops_it,
    a_move_from_a_state_that_is_gone_is_an_error,
    two_servers_share_one_session,
    killed_in_the_middle_it_has_every_booking_it_answered,
);
