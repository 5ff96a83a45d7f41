//! Booking: a leader gets places for her team. The web confirms what it held; the API and the
//! importer ask for everything at once.

use super::{
    ActionContext,
    hold_places::{self, HoldError},
    invite::send_invites,
    record::record,
};
use crate::{
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        registration::{Leader, Registration, Sender},
        session::{BookingMode, BookingStatus, Session},
    },
    mail::letters,
    store::{
        StoreError, Tx, links,
        links::LinkTarget,
        outbox::{self, About},
        places::{self, Change},
        registrations::{self, Origin},
        sessions,
    },
    token::Token,
};

/// Everything a booking asks for at once.
#[derive(Debug, Clone)]
pub struct BookRequest {
    /// The session.
    pub session: SessionCode,
    /// Who books.
    pub leader: Leader,
    /// For whom.
    pub sender: Sender,
    /// What to do when not everybody fits.
    pub team: TeamPolicy,
    /// Who comes; `None` while the name is to follow.
    pub attendees: Vec<Option<Attendee>>,
    /// Unique for the attempt: the same key is the same registration (B5).
    pub attempt: Option<String>,
    /// Hash of the request, so that a key used for something else is noticed.
    pub fingerprint: Option<Vec<u8>>,
}

/// A booking that was made, now or by the same attempt before.
#[derive(Debug, Clone)]
pub struct Booked {
    /// The registration with its places as they stand.
    pub registration: Registration,
    /// The leader's link.
    pub token: Token,
    /// Whether an earlier request had made it.
    pub repeated: bool,
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// As for holding places.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// The hold ran out; `free` places are still open to all.
    #[error("the hold ran out")]
    HoldRanOut {
        /// Places the public may take.
        free: u32,
    },
    /// The attempt's key was used for another request.
    #[error("this key was used for a different request")]
    KeyReused,
    /// There is no such registration.
    #[error("no such registration")]
    NoSuchRegistration,
}

impl From<StoreError> for BookError {
    fn from(error: StoreError) -> Self {
        Self::Hold(HoldError::Store(error))
    }
}

/// Books what was held: the places become confirmed, or requested where the organiser decides, and
/// everybody is told. Booking twice is booking once.
///
/// # Errors
/// [`BookError::HoldRanOut`] when the places were not held any more.
pub async fn confirm_booking(
    ctx: &ActionContext,
    id: RegistrationId,
    token: &Token,
) -> Result<Registration, BookError> {
    let mut tx = ctx.store.begin().await?;
    let found = registrations::find(&mut tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    sessions::lock(&mut tx, &found.session).await?;
    places::expire_holds(&mut tx, &found.session, ctx.now()).await?;
    let session = session(&mut tx, &found.session).await?;
    let registration =
        registrations::find(&mut tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    if registration.booked_at.is_some() {
        return Ok(registration);
    }
    match session.booking_status(ctx.now()) {
        BookingStatus::Open { .. } => {}
        status => return Err(HoldError::NotOpen(status).into()),
    }
    if registration.places_in(PlaceStatus::Held).next().is_none() {
        tx.commit().await?;
        return Err(BookError::HoldRanOut { free: session.occupancy.open_to_all() });
    }
    registrations::mark_booked(&mut tx, id, ctx.now()).await?;
    let next = first_state(&session);
    let change = Change { by: &Actor::Leader, at: ctx.now(), why: None };
    for place in registration.places_in(PlaceStatus::Held) {
        let allowed = place.state.becomes(next);
        if let Ok(state) = allowed {
            places::set_state(&mut tx, place.id, state, change).await?;
        }
    }
    let registration =
        registrations::find(&mut tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    tell(ctx, &mut tx, &session, &registration, token, &Actor::Leader).await?;
    tx.commit().await?;
    Ok(registration)
}

/// Books everything in one step.
///
/// # Errors
/// [`BookError`], in which case nothing was booked and nobody told.
pub async fn book_places(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
) -> Result<Booked, BookError> {
    let mut tx = ctx.store.begin().await?;
    sessions::lock(&mut tx, &request.session).await?;
    if let Some(repeated) = find_repeated(ctx, &mut tx, &request).await? {
        tx.commit().await?;
        return Ok(repeated);
    }
    let count = u32::try_from(request.attendees.len()).unwrap_or(u32::MAX);
    let session = hold_places::lock_open(ctx, &mut tx, &request.session, count).await?;
    let mut registration = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(),
        session: session.code.clone(),
        leader: request.leader,
        sender: request.sender,
        team: request.team,
        booked_at: Some(ctx.now()),
        hold_extended: false,
        places: Vec::new(),
    };
    hold_places::require_room(&mut tx, &registration, count).await?;
    for (number, attendee) in (1..).zip(request.attendees) {
        let state = first_state(&session);
        registration.places.push(Place { id: ctx.place_id(), number, attendee, state });
    }
    let source = if *actor == Actor::Api { "api" } else { "import" };
    let origin = Origin {
        source,
        attempt: request.attempt.as_deref(),
        fingerprint: request.fingerprint.as_deref(),
        at: ctx.now(),
    };
    registrations::insert(&mut tx, &registration, origin).await?;
    hold_places::insert_places(ctx, &mut tx, &registration).await?;
    let token = leader_link(ctx, &mut tx, registration.id).await?;
    tell(ctx, &mut tx, &session, &registration, &token, actor).await?;
    tx.commit().await?;
    Ok(Booked { registration, token, repeated: false })
}

/// The state a place starts its booked life in (B1).
fn first_state(session: &Session) -> PlaceState {
    match session.mode {
        BookingMode::Instant => PlaceState::Confirmed,
        BookingMode::Approval => PlaceState::Requested,
    }
}

/// A new leader's link for a registration.
pub(super) async fn leader_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Token, StoreError> {
    let token = ctx.token();
    links::insert(tx, token.hash(), &LinkTarget::Leader(id), ctx.now(), None).await?;
    Ok(token)
}

async fn find_repeated(
    ctx: &ActionContext,
    tx: &mut Tx,
    request: &BookRequest,
) -> Result<Option<Booked>, BookError> {
    let Some(attempt) = &request.attempt else { return Ok(None) };
    let Some((id, fingerprint)) = registrations::find_attempt(tx, attempt).await? else {
        return Ok(None);
    };
    if fingerprint != request.fingerprint {
        return Err(BookError::KeyReused);
    }
    let registration = registrations::find(tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    let token = leader_link(ctx, tx, id).await?;
    Ok(Some(Booked { registration, token, repeated: true }))
}

async fn session(tx: &mut Tx, code: &SessionCode) -> Result<Session, BookError> {
    sessions::find(tx, code).await?.ok_or(BookError::Hold(HoldError::NoSuchSession))
}

/// Tells the leader and every attendee with an address, and the audit log.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    registration: &Registration,
    token: &Token,
    actor: &Actor,
) -> Result<(), StoreError> {
    let requested = session.mode == BookingMode::Approval;
    let url = ctx.manage_url(token);
    if let Some(email) = &registration.leader.email {
        let (kind, content) = if requested {
            let content = letters::places_requested(&ctx.sender, session, registration, &url);
            (LetterKind::PlacesRequested, content)
        } else {
            let content = letters::booking_confirmed(&ctx.sender, session, registration, &url);
            (LetterKind::BookingConfirmed, content)
        };
        let to = (Some(registration.leader.name.to_string()), email.clone());
        let letter = ctx.letter(kind, to, content, None);
        let about = About { registration: Some(registration.id), place: None };
        outbox::enqueue(tx, &letter, about, ctx.now()).await?;
    }
    for place in registration.confirmed() {
        send_invites(ctx, tx, session, registration, place).await?;
    }
    let action = if requested { AuditAction::PlacesRequested } else { AuditAction::PlacesBooked };
    let detail = Some(format!("{} places", registration.places.len()));
    record(ctx, tx, actor, action, hold_places::subject(registration), detail).await
}
