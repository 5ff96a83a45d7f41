//! Holding places for a leader who is typing (B10): begin, extend, give back, begin again.

use chrono::{DateTime, Duration, Utc};

use super::{
    channel::{Channel, Extent},
    hold_evenings::extend_all,
    refusals::HoldError,
    seat::shortage,
};
use crate::{
    actions::{
        ActionContext,
        places::{
            already::{NamedPeople, already_there},
            opened::Opened,
            settle::{offer_freed, settled},
            share::{Party, share},
        },
        record::{Subject, record},
        tell::leader_link,
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        registration::{Leader, Registration, Sender},
        session::{BookingMode, BookingStatus, Session},
    },
    store::{
        StoreError, Tx, networks,
        places::{self, Cause},
        queue,
        registrations::{self, Origin},
        seated,
        session_lock::{self, Locked},
        sessions,
    },
    token::Token,
};

pub use super::hold_again::hold_again;

/// How many bookings that were not sent off may hold places under one e-mail at a time.
pub(super) const OPEN_HOLDS: u32 = 3;

/// How long ago what is held now was asked for at most: a hold lasts two hours, and may be extended once.
const OLDEST_HOLD: Duration = Duration::hours(4);

/// What a leader asks to have held.
#[derive(Debug, Clone)]
pub struct HoldRequest {
    /// The session.
    pub session: SessionCode,
    /// Who asks.
    pub leader: Leader,
    /// For whom.
    pub sender: Sender,
    /// What to do when not everybody fits.
    pub team: TeamPolicy,
    /// How many places.
    pub places: u32,
    /// Whether the first place is the leader's own.
    pub leader_comes: bool,
    /// Whether she was said to be somebody else than her namesake on the session (H2).
    pub apart: bool,
    /// A hold of the same leader that this one replaces: she went back and changed her mind.
    pub instead_of: Option<RegistrationId>,
    /// Unique for the form that was sent: sending it twice holds once (B5).
    pub attempt: Option<String>,
    /// A digest of the network that asks, so that one does not hold every place there is.
    pub network: Option<String>,
}

/// A hold, and the token that opens it. The same link becomes the leader's own once she books.
#[derive(Debug, Clone)]
pub struct Held {
    /// The registration it holds places for.
    pub registration: RegistrationId,
    /// The secret of its link.
    pub token: Token,
}

/// Holds places for `hold` from now: all that are asked for, or as many as there are for a leader
/// who chose that; the others will wait once she books (B4).
///
/// # Errors
/// [`HoldError`], in which case nothing is held and an earlier hold is as it was.
pub async fn hold_places(ctx: &ActionContext, request: HoldRequest) -> Result<Held, HoldError> {
    let mut tx = ctx.store.begin_on(&request.session).await?;
    let locked = session_lock::lock(&mut tx, &request.session).await?;
    let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
    let mut session =
        bookable(ctx, &mut locked, request.places, (Channel::Public, Extent::Alone)).await?;
    if let Some(attempt) = &request.attempt
        && let Some((registration, _)) = registrations::find_attempt(&mut locked, attempt).await?
    {
        let token = leader_link(ctx, &mut locked, registration).await?;
        tx.commit().await?;
        return Ok(Held { registration, token });
    }
    if let Some(network) = request.network.as_deref() {
        let asked = (network, request.instead_of);
        refuse_hoarding(ctx, &mut locked, asked, request.places).await?;
    }
    let released = match request.instead_of {
        Some(earlier) => release(ctx, &mut locked, earlier).await?,
        None => 0,
    };
    if released > 0 {
        session = as_it_stands(&mut locked, session, released).await?;
    }
    let mut registration = begun(ctx, &session, &request);
    if let Some(email) = &registration.leader.email
        && queue::open_holds_of(&mut locked, email, ctx.now()).await? >= OPEN_HOLDS
    {
        return Err(HoldError::TooMany);
    }
    if request.leader_comes && !request.apart {
        let herself = registration.leader.attends();
        let asked = NamedPeople::new([(1, Some(&herself))], registration.sender.code(), &[]);
        nobody_there(&mut locked, &Actor::Visitor, &asked).await?;
    }
    let held = fits(&mut locked, &session, &registration, request.places).await?;
    let herself = request.leader_comes.then(|| registration.leader.attends());
    registration.places = held_places(ctx, held, herself);
    let attempt = request.attempt.as_deref();
    let origin = Origin { source: "web", attempt, fingerprint: None, at: ctx.now() };
    insert(ctx, &mut locked, &mut registration, origin).await?;
    if let Some(network) = &request.network {
        networks::note(&mut locked, registration.id, network).await?;
    }
    if let (true, Some(first)) = (request.apart, registration.places.first()) {
        seated::say_apart(&mut locked, &[first.id], true).await?;
    }
    let token = leader_link(ctx, &mut locked, registration.id).await?;
    let (action, subject) = (AuditAction::PlacesHeld, Subject::of(&registration));
    let detail = Some(format!("{held} places"));
    record(ctx, &mut locked, &Actor::Visitor, action, subject, detail).await?;
    if released > 0 {
        offer_freed(ctx, &mut locked).await?;
    }
    tx.commit().await?;
    Ok(Held { registration: registration.id, token })
}

/// A session after so many places of it came free: how much of that is kept for a group is read again.
pub(super) async fn as_it_stands(
    locked: &mut Locked<'_>,
    mut session: Session,
    freed: u32,
) -> Result<Session, StoreError> {
    if locked.keeps_places()
        && let Some(now) = sessions::find(locked, &session.code).await?
    {
        return Ok(now);
    }
    session.occupancy.occupied -= freed;
    Ok(session)
}

/// A registration that nothing is held for yet.
pub(super) fn begun(ctx: &ActionContext, session: &Session, request: &HoldRequest) -> Registration {
    Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(),
        session: session.code.clone(),
        leader: request.leader.clone(),
        sender: request.sender.clone(),
        team: request.team,
        booked_at: None,
        hold_extended: false,
        asked: request.places,
        untold_since: None,
        nomination: None,
        places: Vec::new(),
    }
}

/// Refuses more places than one network may hold without booking them: whoever holds them all keeps others
/// out, and pays nothing for it.
pub(super) async fn refuse_hoarding(
    ctx: &ActionContext,
    tx: &mut Tx,
    (network, but): (&str, Option<RegistrationId>),
    places: u32,
) -> Result<(), HoldError> {
    let Some(most) = ctx.held_per_network else { return Ok(()) };
    networks::forget(tx, ctx.now() - OLDEST_HOLD).await?;
    let held = networks::held(tx, network, but, ctx.now()).await?;
    if held + i64::from(places) > i64::from(most) {
        return Err(HoldError::NetworkHoldsTooMany { most });
    }
    Ok(())
}

/// So many places held from now, the first for whoever holds them if she comes.
pub(super) fn held_places(
    ctx: &ActionContext,
    count: u32,
    mut herself: Option<Attendee>,
) -> Vec<Place> {
    let state = PlaceState::Held { until: ctx.now() + ctx.hold };
    let place = |number| Place { id: ctx.place_id(), number, attendee: herself.take(), state };
    (1..=count).map(place).collect()
}

/// Makes sure that nobody who is named is on the session already (H2).
///
/// # Errors
/// [`HoldError::AlreadyThere`], which says who may be.
pub(super) async fn nobody_there(
    locked: &mut Locked<'_>,
    actor: &Actor,
    asked: &NamedPeople<'_>,
) -> Result<(), HoldError> {
    let found = already_there(locked, actor, asked).await?;
    if found.is_empty() { Ok(()) } else { Err(HoldError::AlreadyThere(found)) }
}

/// Makes a hold longer by `hold`, once; a hold that has run out begins again if there is room,
/// with everything that was typed.
///
/// # Errors
/// [`HoldError`], in which case nothing changed.
pub async fn extend_hold(ctx: &ActionContext, id: RegistrationId) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    extend_all(ctx, &mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// The same of one booking, in a transaction that does more.
pub(super) async fn extend_one(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<(), HoldError> {
    let opened = Opened::lock(tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, mut registration, .. } = opened;
    if held_until(&registration).is_none_or(|until| until <= ctx.now()) {
        return Err(HoldError::NotEnough { free: 0 });
    }
    if registration.hold_extended {
        return Err(HoldError::AlreadyExtended);
    }
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: None };
    let held = registration.places_in_mut(PlaceStatus::Held);
    let longer = held.map(|place| place.stays_held(ctx.hold)).collect::<Result<Vec<_>, _>>();
    places::set_states(&mut locked, &longer.map_err(StoreError::from)?, cause).await?;
    registrations::mark_hold_extended(&mut locked, id).await?;
    let (action, subject) = (AuditAction::HoldExtended, Subject::of(&registration));
    record(ctx, &mut locked, &Actor::Leader, action, subject, None).await?;
    Ok(())
}

/// When a hold runs out, if the registration has one.
pub fn held_until(registration: &Registration) -> Option<DateTime<Utc>> {
    registration
        .places
        .iter()
        .filter_map(|place| match place.state {
            PlaceState::Held { until } => Some(until),
            _ => None,
        })
        .min()
}

/// Settles what ran out on a locked session, and makes sure it is open for `places` more.
pub(super) async fn bookable(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    places: u32,
    (channel, extent): (Channel, Extent),
) -> Result<Session, HoldError> {
    let (_, session) = settled(ctx, locked).await?;
    let session = session.ok_or(HoldError::NoSuchSession)?;
    if channel == Channel::Public && !session.has_page() {
        return Err(HoldError::NoSuchSession);
    }
    if let (Extent::Alone, Some(series)) = (extent, session.whole_series()) {
        return Err(HoldError::WholeSeries(series.clone()));
    }
    let may_be_early = channel != Channel::Public || extent == Extent::Whole;
    match session.booking_status(ctx.now()) {
        BookingStatus::Open { .. } => {}
        BookingStatus::NotYetOpen { .. } if may_be_early => {}
        BookingStatus::Closed if channel == Channel::Office => {}
        BookingStatus::Draft => return Err(HoldError::NoSuchSession),
        status => return Err(HoldError::NotOpen(status)),
    }
    let most = session.places_per_booking;
    if (1..=most).contains(&places) { Ok(session) } else { Err(HoldError::WrongNumber { most }) }
}

/// How many of `asked` places can be held right now.
///
/// # Errors
/// [`HoldError::NotEnough`] or [`HoldError::InstitutionLimit`] when the party would rather wait.
pub(super) async fn fits(
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &Registration,
    asked: u32,
) -> Result<u32, HoldError> {
    let (sender, team) = (&registration.sender, registration.team);
    let party = Party { sender, team, vouched: false, decided: false };
    let shared = share(locked, session, party, asked).await?;
    let some_can_wait = session.waiting_list && session.mode == BookingMode::Instant;
    match shared.now {
        now if now == asked || (now > 0 && some_can_wait) => Ok(now),
        _ => Err(shortage(locked, session, sender).await?),
    }
}

/// Adds a registration with its places, under a reference that no other has.
pub(super) async fn insert(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    registration: &mut Registration,
    origin: Origin<'_>,
) -> Result<(), StoreError> {
    while !registrations::insert(locked, registration, origin).await? {
        registration.reference = ctx.reference();
    }
    let cause = Cause { by: &Actor::Visitor, at: origin.at, why: None };
    places::insert(locked, registration.id, &registration.places, cause).await
}

/// Gives a hold back. What it freed is for whoever takes its place, and then for the list. A hold
/// on another session is not hers to change here: it runs out by itself. How many places that were.
pub(super) async fn release(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    id: RegistrationId,
) -> Result<u32, HoldError> {
    let mut earlier = find(locked, id).await?;
    if earlier.booked_at.is_some() || earlier.session != *locked.session() {
        return Ok(0);
    }
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: Some("replaced") };
    let held = earlier.places_in_mut(PlaceStatus::Held);
    let gone = held.map(|place| place.becomes(PlaceState::Expired)).collect::<Result<Vec<_>, _>>();
    let gone = gone.map_err(StoreError::from)?;
    places::set_states(locked, &gone, cause).await?;
    let subject = Subject::of(&earlier);
    record(ctx, locked, &Actor::Leader, AuditAction::HoldReleased, subject, None).await?;
    Ok(u32::try_from(gone.len()).unwrap_or(u32::MAX))
}

pub(super) async fn find(tx: &mut Tx, id: RegistrationId) -> Result<Registration, HoldError> {
    registrations::find(tx, id).await?.ok_or(HoldError::NoSuchSession)
}
