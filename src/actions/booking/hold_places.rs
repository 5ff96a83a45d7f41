//! Holding places for a leader who is typing (B10): begin, extend, give back, begin again.

use chrono::{DateTime, Utc};

use super::seat::{Party, share, shortage};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        waiting::settle::{offer_freed, settle},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        registration::{Leader, Registration, Sender},
        session::{BookingMode, BookingStatus, Session},
    },
    store::{
        StoreError, Tx,
        links::{self, LinkTarget},
        places::{self, Change},
        queue,
        registrations::{self, Origin},
        sessions,
    },
    token::Token,
};

/// How many bookings that were not sent off may hold places under one e-mail at a time.
const OPEN_HOLDS: u32 = 3;

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
    /// A hold of the same leader that this one replaces: she went back and changed her mind.
    pub instead_of: Option<RegistrationId>,
    /// Unique for the form that was sent: sending it twice holds once (B5).
    pub attempt: Option<String>,
}

/// A hold, and the token that opens it. The same link becomes the leader's own once she books.
#[derive(Debug, Clone)]
pub struct Held {
    /// The registration it holds places for.
    pub registration: RegistrationId,
    /// The secret of its link.
    pub token: Token,
}

/// Why places could not be held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// There is no such session, or the public may not see it.
    #[error("no such session")]
    NoSuchSession,
    /// It cannot be booked now.
    #[error("the session is not open for booking")]
    NotOpen(BookingStatus),
    /// Too few places are left; nothing was held.
    #[error("{free} places are left")]
    NotEnough {
        /// Places the public may take.
        free: u32,
    },
    /// The institution would hold more than it may (B2); nothing was held.
    #[error("the institution may take {room} more")]
    InstitutionLimit {
        /// Places it may still take.
        room: u32,
    },
    /// More than one booking may ask for (B2), or none.
    #[error("a booking takes 1 to {most} places")]
    WrongNumber {
        /// The most places.
        most: u32,
    },
    /// This e-mail holds or booked so much just now that it looks like a flood.
    #[error("too many bookings are open under this email address; wait a few minutes")]
    TooMany,
    /// The hold was made longer once already.
    #[error("the hold was extended once already")]
    AlreadyExtended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Holds places for `hold` from now: all that are asked for, or as many as there are for a leader
/// who chose that; the others will wait once she books (B4).
///
/// # Errors
/// [`HoldError`], in which case nothing is held and an earlier hold is as it was.
pub async fn hold_places(ctx: &ActionContext, request: HoldRequest) -> Result<Held, HoldError> {
    let mut tx = ctx.store.begin().await?;
    let session = lock_open(ctx, &mut tx, &request.session, request.places, Door::Public).await?;
    if let Some(attempt) = &request.attempt
        && let Some((id, _)) = registrations::find_attempt(&mut tx, attempt).await?
    {
        let token = ctx.token();
        links::insert(&mut tx, token.hash(), &LinkTarget::Leader(id), ctx.now(), None).await?;
        tx.commit().await?;
        return Ok(Held { registration: id, token });
    }
    if let Some(earlier) = request.instead_of {
        release(ctx, &mut tx, earlier).await?;
    }
    let mut registration = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(&mut tx).await?,
        session: session.code.clone(),
        leader: request.leader,
        sender: request.sender,
        team: request.team,
        booked_at: None,
        hold_extended: false,
        asked: request.places,
        nomination: None,
        places: Vec::new(),
    };
    if let Some(email) = &registration.leader.email
        && queue::open_holds_of(&mut tx, email, ctx.now()).await? >= OPEN_HOLDS
    {
        return Err(HoldError::TooMany);
    }
    let held = fits(&mut tx, &session, &registration, request.places).await?;
    let until = ctx.now() + ctx.hold;
    for number in 1..=held {
        let attendee = (number == 1 && request.leader_comes).then(|| registration.leader.attends());
        let state = PlaceState::Held { until };
        registration.places.push(Place { id: ctx.place_id(), number, attendee, state });
    }
    let attempt = request.attempt.as_deref();
    let origin = Origin { source: "web", attempt, fingerprint: None, at: ctx.now() };
    registrations::insert(&mut tx, &registration, origin).await?;
    insert_places(ctx, &mut tx, &registration).await?;
    let token = ctx.token();
    let target = LinkTarget::Leader(registration.id);
    links::insert(&mut tx, token.hash(), &target, ctx.now(), None).await?;
    let subject = subject(&registration);
    let detail = Some(format!("{held} places"));
    record(ctx, &mut tx, &Actor::Visitor, AuditAction::PlacesHeld, subject, detail).await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(Held { registration: registration.id, token })
}

/// Makes a hold longer by `hold`, once; a hold that has run out begins again if there is room,
/// with everything that was typed.
///
/// # Errors
/// [`HoldError`], in which case nothing changed.
pub async fn extend_hold(ctx: &ActionContext, id: RegistrationId) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let registration = find(&mut tx, id).await?;
    sessions::lock(&mut tx, &registration.session).await?;
    let registration = find(&mut tx, registration.id).await?;
    if held_until(&registration).is_none_or(|until| until <= ctx.now()) {
        return Err(HoldError::NotEnough { free: 0 });
    }
    if registration.hold_extended {
        return Err(HoldError::AlreadyExtended);
    }
    let change = Change { by: &Actor::Leader, at: ctx.now(), why: None };
    for place in registration.places_in(PlaceStatus::Held) {
        let PlaceState::Held { until } = place.state else { continue };
        let state = PlaceState::Held { until: until + ctx.hold };
        places::set_state(&mut tx, place.id, state, change).await?;
    }
    registrations::mark_hold_extended(&mut tx, id).await?;
    let subject = subject(&registration);
    record(ctx, &mut tx, &Actor::Leader, AuditAction::HoldExtended, subject, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Holds the places of a registration whose hold ran out again, keeping what was typed.
///
/// # Errors
/// [`HoldError`], in which case nothing changed.
pub async fn hold_again(ctx: &ActionContext, id: RegistrationId) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let registration = find(&mut tx, id).await?;
    let typed = latest_expired(&mut tx, id).await?;
    let wanted = u32::try_from(typed.len()).unwrap_or(u32::MAX);
    let session = lock_open(ctx, &mut tx, &registration.session, wanted, Door::Public).await?;
    let mut registration = find(&mut tx, id).await?;
    if registration.booked_at.is_some() || held_until(&registration).is_some() {
        return Ok(());
    }
    let held = fits(&mut tx, &session, &registration, wanted).await?;
    let state = PlaceState::Held { until: ctx.now() + ctx.hold };
    let again = typed.into_iter().take(held as usize);
    registration.places = again.map(|place| Place { id: ctx.place_id(), state, ..place }).collect();
    insert_places(ctx, &mut tx, &registration).await?;
    let subject = subject(&registration);
    let detail = Some(format!("{held} places, again"));
    record(ctx, &mut tx, &Actor::Leader, AuditAction::PlacesHeld, subject, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// The places that ran out last, one for each number, as they were typed.
async fn latest_expired(tx: &mut Tx, id: RegistrationId) -> Result<Vec<Place>, StoreError> {
    let mut latest: Vec<Place> = Vec::new();
    for place in places::expired_of_registration(tx, id).await? {
        if latest.iter().all(|known| known.number != place.number) {
            latest.push(place);
        }
    }
    latest.sort_by_key(|place| place.number);
    Ok(latest)
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

/// By which door a booking comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::actions) enum Door {
    /// The site and the API: while booking is open.
    Public,
    /// An organiser: also before booking opens and after it has closed, until the last day ends.
    Office,
}

/// Locks the session, settles what ran out on it, and makes sure it is open for `places` more.
pub(in crate::actions) async fn lock_open(
    ctx: &ActionContext,
    tx: &mut Tx,
    code: &SessionCode,
    places: u32,
    door: Door,
) -> Result<Session, HoldError> {
    if !sessions::lock(tx, code).await? {
        return Err(HoldError::NoSuchSession);
    }
    settle(ctx, tx, code).await?;
    let session = sessions::find(tx, code).await?.ok_or(HoldError::NoSuchSession)?;
    match session.booking_status(ctx.now()) {
        BookingStatus::Open { .. } => {}
        BookingStatus::NotYetOpen { .. } | BookingStatus::Closed if door == Door::Office => {}
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
async fn fits(
    tx: &mut Tx,
    session: &Session,
    registration: &Registration,
    asked: u32,
) -> Result<u32, HoldError> {
    // Giving back an earlier hold may just have freed places.
    let session = sessions::find(tx, &session.code).await?.ok_or(HoldError::NoSuchSession)?;
    let (sender, team) = (&registration.sender, registration.team);
    let party = Party { sender, team, vouched: false, decided: false };
    let shared = share(tx, &session, party, asked).await?;
    let some_can_wait = session.waiting_list && session.mode == BookingMode::Instant;
    match shared.now {
        now if now == asked || (now > 0 && some_can_wait) => Ok(now),
        _ => Err(shortage(tx, &session, sender).await?),
    }
}

pub(in crate::actions) async fn insert_places(
    ctx: &ActionContext,
    tx: &mut Tx,
    registration: &Registration,
) -> Result<(), StoreError> {
    let change = Change { by: &Actor::Visitor, at: ctx.now(), why: None };
    for place in &registration.places {
        places::insert(tx, &registration.session, registration.id, place, change).await?;
    }
    Ok(())
}

/// Gives a hold back. What it freed is for whoever takes its place, and then for the list.
async fn release(ctx: &ActionContext, tx: &mut Tx, id: RegistrationId) -> Result<(), HoldError> {
    let earlier = find(tx, id).await?;
    if earlier.booked_at.is_some() {
        return Ok(());
    }
    let change = Change { by: &Actor::Leader, at: ctx.now(), why: Some("replaced") };
    for place in earlier.places_in(PlaceStatus::Held) {
        places::set_state(tx, place.id, PlaceState::Expired, change).await?;
    }
    let subject = subject(&earlier);
    record(ctx, tx, &Actor::Leader, AuditAction::HoldReleased, subject, None).await?;
    Ok(())
}

async fn find(tx: &mut Tx, id: RegistrationId) -> Result<Registration, HoldError> {
    registrations::find(tx, id).await?.ok_or(HoldError::NoSuchSession)
}

pub(in crate::actions) fn subject(registration: &Registration) -> Subject {
    Subject {
        session: Some(registration.session.clone()),
        registration: Some(registration.id),
        place: None,
    }
}
