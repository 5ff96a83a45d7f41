//! Booking: a leader gets places for her team. The web confirms what it held; the API and the
//! importer ask for everything at once.

use super::{
    hold_places::{self, HoldError},
    prerequisites,
    seat::{Party, seat},
};
use crate::{
    actions::{
        ActionContext,
        calendars::invite::send_invites,
        record::record,
        waiting::settle::{offer_freed, settle},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        registration::{Leader, Registration, Sender},
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
        waiting_list::position,
    },
    mail::letters,
    store::{
        Conn, StoreError, Tx,
        links::{self, LinkTarget},
        outbox::{self, About},
        places::{self, Change},
        queue,
        registrations::{self, Origin},
        sessions,
    },
    token::Token,
};

/// How many bookings one e-mail may make in an hour without an organiser.
const BOOKINGS_AN_HOUR: u32 = 30;

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
    /// Why people who lack a prerequisite should come all the same (B7).
    pub nomination: Option<Paragraph>,
    /// Whether whoever records the booking has looked at the prerequisites.
    pub vouched: bool,
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
    /// Somebody lacks a prerequisite, and nothing is said why she should come (B7).
    #[error("say why people who have not done the course before this one should come")]
    NominationMissing,
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
/// everybody is told. Places that were asked for but not held join the waiting list, with the name
/// to follow. Booking twice is booking once.
///
/// # Errors
/// [`BookError::HoldRanOut`] when the places were not held any more;
/// [`BookError::NominationMissing`] when somebody lacks a prerequisite and nothing is said for her.
pub async fn confirm_booking(
    ctx: &ActionContext,
    id: RegistrationId,
    token: &Token,
    nomination: Option<&Paragraph>,
) -> Result<Registration, BookError> {
    let mut tx = ctx.store.begin().await?;
    let found = registrations::find(&mut tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    sessions::lock(&mut tx, &found.session).await?;
    settle(ctx, &mut tx, &found.session).await?;
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
    let held: Vec<_> = registration.places_in(PlaceStatus::Held).cloned().collect();
    if held.is_empty() {
        tx.commit().await?;
        return Err(BookError::HoldRanOut { free: session.occupancy.open_to_all() });
    }
    registrations::mark_booked(&mut tx, id, nomination, ctx.now()).await?;
    let mut is_nominated = false;
    let change = Change { by: &Actor::Leader, at: ctx.now(), why: None };
    for place in &held {
        let may_come = session.mode == BookingMode::Instant
            && prerequisites::meets(&mut tx, &session, place.attendee.as_ref()).await?;
        is_nominated |= !may_come && session.mode == BookingMode::Instant;
        let next = if may_come { PlaceState::Confirmed } else { PlaceState::Requested };
        if let Ok(state) = place.state.becomes(next) {
            places::set_state(&mut tx, place.id, state, change).await?;
        }
    }
    if is_nominated && nomination.is_none() {
        return Err(BookError::NominationMissing);
    }
    seat_the_others(ctx, &mut tx, &registration, &held).await?;
    tell(ctx, &mut tx, &session, id, token, &Actor::Leader).await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    let registration =
        registrations::find(&mut tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    tx.commit().await?;
    Ok(registration)
}

/// Seats those for whom nothing could be held: somebody may have cancelled meanwhile; else they
/// wait.
async fn seat_the_others(
    ctx: &ActionContext,
    tx: &mut Tx,
    registration: &Registration,
    held: &[Place],
) -> Result<(), BookError> {
    let others = (registration.asked as usize).saturating_sub(held.len());
    if others == 0 {
        return Ok(());
    }
    let session = session(tx, &registration.session).await?;
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: false,
        decided: false,
    };
    let states = seat(tx, &session, party, &vec![None; others]).await?;
    let first = held.iter().map(|place| place.number).max().unwrap_or(0) + 1;
    let change = Change { by: &Actor::Leader, at: ctx.now(), why: None };
    for place in ctx.places(first, vec![None; others], states) {
        places::insert(tx, &session.code, registration.id, &place, change).await?;
    }
    Ok(())
}

/// Books everything in one step: whoever fits has a place at once, the others wait or are asked
/// for, as the rules say (B1, B2, B4, B7).
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
    if let (Some(email), Actor::Visitor | Actor::Api) = (&request.leader.email, actor) {
        let since = ctx.now() - chrono::Duration::hours(1);
        if registrations::booked_since(&mut tx, email, since).await? >= BOOKINGS_AN_HOUR {
            return Err(HoldError::TooMany.into());
        }
    }
    let count = u32::try_from(request.attendees.len()).unwrap_or(u32::MAX);
    let is_office = matches!(actor, Actor::Staff(_));
    let door = if is_office { hold_places::Door::Office } else { hold_places::Door::Public };
    let session = hold_places::lock_open(ctx, &mut tx, &request.session, count, door).await?;
    let party = Party {
        sender: &request.sender,
        team: request.team,
        vouched: request.vouched,
        decided: is_office,
    };
    let who: Vec<_> = request.attendees.iter().map(Option::as_ref).collect();
    let states = seat(&mut tx, &session, party, &who).await?;
    let is_nominated =
        session.mode == BookingMode::Instant && states.contains(&PlaceState::Requested);
    if is_nominated && request.nomination.is_none() {
        return Err(BookError::NominationMissing);
    }
    let registration = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(&mut tx).await?,
        session: session.code.clone(),
        leader: request.leader,
        sender: request.sender,
        team: request.team,
        booked_at: Some(ctx.now()),
        hold_extended: false,
        asked: count,
        nomination: request.nomination,
        places: ctx.places(1, request.attendees, states),
    };
    let origin = Origin {
        source: source(actor),
        attempt: request.attempt.as_deref(),
        fingerprint: request.fingerprint.as_deref(),
        at: ctx.now(),
    };
    registrations::insert(&mut tx, &registration, origin).await?;
    hold_places::insert_places(ctx, &mut tx, &registration).await?;
    let token = leader_link(ctx, &mut tx, registration.id).await?;
    tell(ctx, &mut tx, &session, registration.id, &token, actor).await?;
    tx.commit().await?;
    Ok(Booked { registration, token, repeated: false })
}

/// The word for how a booking came in.
fn source(actor: &Actor) -> &'static str {
    match actor {
        Actor::Api => "api",
        Actor::CommandLine => "import",
        Actor::Staff(_) => "office",
        _ => "web",
    }
}

/// A new leader's link for a registration.
pub(in crate::actions) async fn leader_link(
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
    id: RegistrationId,
    token: &Token,
    actor: &Actor,
) -> Result<(), BookError> {
    let registration = registrations::find(tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    let count = |status| registration.places_in(status).count();
    let (confirmed, requested) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Requested));
    let waiting = count(PlaceStatus::Waiting);
    if let Some(email) = &registration.leader.email {
        let url = ctx.manage_url(token);
        let (kind, content) = if confirmed == 0 && waiting > 0 {
            let position = standing(tx, &registration).await?.unwrap_or(1);
            let words = letters::waiting_list_joined;
            let content = words(&ctx.sender, session, &registration, position, &url);
            (LetterKind::WaitingListJoined, content)
        } else if confirmed == 0 {
            let content = letters::places_requested(&ctx.sender, session, &registration, &url);
            (LetterKind::PlacesRequested, content)
        } else {
            let content = letters::booking_confirmed(&ctx.sender, session, &registration, &url);
            (LetterKind::BookingConfirmed, content)
        };
        let to = (Some(registration.leader.name.to_string()), email.clone());
        let letter = ctx.letter(kind, to, content, None);
        let about = About { registration: Some(registration.id), place: None };
        outbox::enqueue(tx, &letter, about, ctx.now()).await?;
    }
    for place in registration.confirmed() {
        send_invites(ctx, tx, session, &registration, place).await?;
    }
    for (action, places) in [
        (AuditAction::PlacesBooked, confirmed),
        (AuditAction::PlacesRequested, requested),
        (AuditAction::WaitingListJoined, waiting),
    ] {
        if places > 0 {
            let detail = Some(format!("{places} places"));
            let subject = hold_places::subject(&registration);
            record(ctx, tx, actor, action, subject, detail).await?;
        }
    }
    Ok(())
}

/// Where a registration stands in the queue of its session, 1 for the first; `None` if none of
/// its places waits.
///
/// # Errors
/// [`StoreError`].
pub async fn standing(
    conn: &mut Conn,
    registration: &Registration,
) -> Result<Option<usize>, StoreError> {
    if registration.places_in(PlaceStatus::Waiting).next().is_none() {
        return Ok(None);
    }
    let waiters = queue::waiters(conn, &registration.session).await?;
    Ok(registration.queue().map(|number| position(number, &waiters)))
}
