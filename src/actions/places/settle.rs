//! Ends what has run out, and offers what is free to whoever waits (W2, W3, W6, B10).
//!
//! Every verb that frees places calls this in its own transaction, so that nobody else can take a
//! place between the moment it comes free and the moment it is offered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{InstitutionCode, RegistrationId, SessionCode},
        letter::LetterKind,
        place::{PlaceState, PlaceStatus},
        reserve::Seating,
        session::Session,
        waiting_list::{Passed, REST, Waiter, passed, share_out},
    },
    mail::letters,
    store::{
        Conn, StoreError,
        places::{self, Cause},
        queue, registrations, reserves,
        session_lock::{self, Locked},
        sessions,
    },
};

/// How many places came free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Holds that ran out.
    pub holds: u64,
    /// Offers that lapsed.
    pub offers: u64,
}

/// Ends every hold and offer that has run out and offers on what that frees; also whatever else
/// is free while people wait for it.
///
/// # Errors
/// [`StoreError`]; the sessions settled before it stay settled.
pub async fn settle_all(ctx: &ActionContext) -> Result<Settled, StoreError> {
    let mut total = Settled::default();
    for code in unsettled(ctx).await? {
        let mut tx = ctx.store.begin().await?;
        let Some(mut locked) = session_lock::lock(&mut tx, &code).await? else { continue };
        let settled = settle(ctx, &mut locked).await?;
        tx.commit().await?;
        total.holds += settled.holds;
        total.offers += settled.offers;
    }
    Ok(total)
}

/// The sessions that have something to settle, found without locking any.
pub(in crate::actions) async fn unsettled(
    ctx: &ActionContext,
) -> Result<Vec<SessionCode>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let mut codes = queue::sessions_to_settle(&mut conn, ctx.now()).await?;
    for code in reserves::sessions_to_release(&mut conn, ctx.now()).await? {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for code in queue::sessions_with_room_and_waiters(&mut conn, ctx.now()).await? {
        if codes.contains(&code) {
            continue;
        }
        let Some(session) = sessions::find(&mut conn, &code).await? else { continue };
        if !due_offers(ctx, &mut conn, &session).await?.is_empty() {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// Settles one session, which is locked.
pub(in crate::actions) async fn settle(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
) -> Result<Settled, StoreError> {
    Ok(settled(ctx, locked).await?.0)
}

/// The same, and the session as it stands then; `None` if there is none. Where nothing has run out
/// and nobody can be offered anything, which is nearly always, this only reads the session.
pub(in crate::actions) async fn settled(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
) -> Result<(Settled, Option<Session>), StoreError> {
    let code = locked.session().clone();
    let found = sessions::find_with_deadline(locked, &code).await?;
    let Some((session, first_deadline)) = found else { return Ok((Settled::default(), None)) };
    let has_run_out = first_deadline.is_some_and(|at| at <= ctx.now());
    if !has_run_out {
        let is_offered = offer_open(ctx, locked, &session).await?;
        let now = if is_offered { sessions::find(locked, &code).await? } else { Some(session) };
        return Ok((Settled::default(), now));
    }
    let holds = queue::expire_holds(locked, ctx.now()).await?;
    if holds > 0 {
        let subject = Subject { session: Some(code.clone()), ..Subject::default() };
        let detail = Some(format!("{holds} places"));
        record(ctx, locked, &Actor::Job, AuditAction::HoldExpired, subject, detail).await?;
    }
    release(ctx, locked).await?;
    let offers = lapse(ctx, locked, &session).await?;
    offer_freed(ctx, locked).await?;
    Ok((Settled { holds, offers }, sessions::find(locked, &code).await?))
}

/// Releases what was kept for groups until now: it is everybody's, the waiting list first.
async fn release(ctx: &ActionContext, locked: &mut Locked<'_>) -> Result<(), StoreError> {
    if !locked.keeps_places() {
        return Ok(());
    }
    let code = locked.session().clone();
    for id in reserves::to_release(locked, &code, ctx.now()).await? {
        reserves::release(locked, id, ctx.now()).await?;
        let (action, subject) = (AuditAction::ReservesChanged, Subject::session(&code));
        record(ctx, locked, &Actor::Job, action, subject, Some("released".to_owned())).await?;
    }
    Ok(())
}

/// Ends the offers that have run out; how many places that were.
async fn lapse(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
) -> Result<u64, StoreError> {
    let mut spent = places::spent_offers(locked, &session.code, ctx.now()).await?;
    let cause = Cause { by: &Actor::Job, at: ctx.now(), why: None };
    let lapsed = spent.iter_mut().map(|(_, place)| place.becomes(PlaceState::Lapsed));
    places::set_states(locked, &lapsed.collect::<Result<Vec<_>, _>>()?, cause).await?;
    let mut owners: Vec<RegistrationId> = Vec::new();
    for (owner, _) in &spent {
        if !owners.contains(owner) {
            owners.push(*owner);
        }
    }
    for owner in owners {
        registrations::rest(locked, owner, ctx.now() + REST).await?;
        let Some(registration) = registrations::find(locked, owner).await? else { continue };
        let subject = Subject::of(&registration);
        record(ctx, locked, &Actor::Job, AuditAction::OfferLapsed, subject, None).await?;
        let (about, kind) = ((session, &registration), LetterKind::OfferLapsed);
        Outgoing::for_leader(ctx, about, kind, |(session, registration), url| {
            letters::offer_lapsed(&ctx.letterhead, session, registration, url)
        })
        .write(ctx, locked)
        .await?;
    }
    Ok(u64::try_from(spent.len()).unwrap_or(u64::MAX))
}

/// Offers what is free in a locked session to whoever waits.
pub(in crate::actions) async fn offer_freed(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
) -> Result<(), StoreError> {
    let code = locked.session().clone();
    if let Some(session) = sessions::find(locked, &code).await? {
        offer_open(ctx, locked, &session).await?;
    }
    Ok(())
}

/// The same, with the session as it stands; whether anything was offered.
async fn offer_open(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
) -> Result<bool, StoreError> {
    let Some(until) = session.offer_deadline(ctx.now(), ctx.offer) else { return Ok(false) };
    let due = due_offers(ctx, locked, session).await?;
    for (registration, count) in &due {
        offer(ctx, locked, session, *registration, *count, until).await?;
    }
    Ok(!due.is_empty())
}

/// Who is to be offered how many of the places that are free now.
async fn due_offers(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
) -> Result<Vec<(RegistrationId, u32)>, StoreError> {
    let (free, waiting) = (session.occupancy.free(), session.occupancy.waiting);
    let is_too_late = session.offer_deadline(ctx.now(), ctx.offer).is_none();
    if free == 0 || waiting == 0 || is_too_late {
        return Ok(Vec::new());
    }
    let waiters = queue::waiters(conn, &session.code).await?;
    let room = rooms(conn, session, &waiters).await?;
    let seating = seating_of(conn, session, &waiters).await?;
    Ok(share_out(seating, &waiters, room, ctx.now()))
}

/// Who waits for places of a session, first in the queue first, and why each is passed just now.
///
/// # Errors
/// [`StoreError`].
pub async fn in_line(
    ctx: &ActionContext,
    session: &Session,
) -> Result<Vec<(Waiter, Option<Passed>)>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let waiters = queue::waiters(&mut conn, &session.code).await?;
    let room = rooms(&mut conn, session, &waiters).await?;
    let seating = seating_of(&mut conn, session, &waiters).await?;
    let why = passed(seating, &waiters, &room, ctx.now());
    Ok(waiters.into_iter().zip(why).collect())
}

/// What is free, and for whom of those who wait.
async fn seating_of(
    conn: &mut Conn,
    session: &Session,
    waiters: &[Waiter],
) -> Result<Seating, StoreError> {
    let codes = waiters.iter().filter_map(|waiter| waiter.institution.as_ref());
    reserves::seating(conn, session, codes).await
}

/// How many more places each institution that waits may take, where that is limited (B2).
async fn rooms(
    conn: &mut Conn,
    session: &Session,
    waiters: &[Waiter],
) -> Result<HashMap<InstitutionCode, u32>, StoreError> {
    let Some(limit) = session.places_per_institution else { return Ok(HashMap::new()) };
    let taken = queue::occupied_by_each(conn, &session.code).await?;
    let codes = waiters.iter().filter_map(|waiter| waiter.institution.clone());
    Ok(codes
        .map(|code| {
            let room = limit.saturating_sub(taken.get(&code).copied().unwrap_or(0));
            (code, room)
        })
        .collect())
}

async fn offer(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
    id: RegistrationId,
    count: u32,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(mut registration) = registrations::find(locked, id).await? else { return Ok(()) };
    let cause = Cause { by: &Actor::Job, at: ctx.now(), why: None };
    let mut moves = Vec::with_capacity(count as usize);
    for place in registration.places_in_mut(PlaceStatus::Waiting).take(count as usize) {
        let PlaceState::Waiting { queue } = place.state else { continue };
        moves.push(place.becomes(PlaceState::Offered { until, queue })?);
    }
    places::set_states(locked, &moves, cause).await?;
    let subject = Subject::of(&registration);
    let detail = Some(format!("{count} places until {}", until.to_rfc3339()));
    record(ctx, locked, &Actor::Job, AuditAction::PlacesOffered, subject, detail).await?;
    let (about, kind) = ((session, &registration), LetterKind::PlaceOffered);
    Outgoing::for_leader(ctx, about, kind, |(session, registration), url| {
        let offer_url = url.replacen("/r/", "/offers/", 1);
        letters::place_offered(&ctx.letterhead, session, registration, until, &offer_url)
    })
    .write(ctx, locked)
    .await
}
