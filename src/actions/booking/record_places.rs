//! Recording: a booking that was made elsewhere, as it stood there.

use super::{
    book_places::BookRequest,
    hold_places::insert,
    refusals::{BookError, HoldError},
};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record_all},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        place::{PlaceState, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
    },
    store::{
        StoreError, Tx,
        links::LinkTarget,
        registrations::{self, Origin},
        session_lock, sessions,
    },
};

/// Where a place stood that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stood {
    /// It was somebody's.
    Confirmed,
    /// An organiser was still to decide.
    Requested,
    /// It was on the waiting list, in the order in which bookings are recorded.
    Waiting,
}

impl Stood {
    /// Where a place of this status stands once it is recorded: an offer is not kept, but the number
    /// in the queue that it came from.
    pub fn of(status: PlaceStatus) -> Option<Self> {
        match status {
            PlaceStatus::Confirmed => Some(Self::Confirmed),
            PlaceStatus::Requested => Some(Self::Requested),
            PlaceStatus::Waiting | PlaceStatus::Offered => Some(Self::Waiting),
            _ => None,
        }
    }

    /// The same as a status.
    pub fn status(self) -> PlaceStatus {
        match self {
            Self::Confirmed => PlaceStatus::Confirmed,
            Self::Requested => PlaceStatus::Requested,
            Self::Waiting => PlaceStatus::Waiting,
        }
    }
}

/// Records a booking with a place for each of `stood`, whenever the session is or was, and tells
/// nobody: what was decided elsewhere is not decided again. `None` if the same was recorded before.
///
/// # Errors
/// [`BookError`], when the session is called off or a draft, or has no room for what is said to have
/// been confirmed; nothing was recorded then.
pub async fn record_places(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
    stood: &[Stood],
) -> Result<Option<Registration>, BookError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, &request.session).await?;
    let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
    if is_known(&mut locked, &request).await? {
        return Ok(None);
    }
    let session = sessions::find(&mut locked, &request.session).await?;
    let session = session.ok_or(HoldError::NoSuchSession)?;
    takes(ctx, &session, stood)?;
    let queue = match stood.contains(&Stood::Waiting) {
        true => session_lock::next_queue_number(&mut locked).await?,
        false => 0,
    };
    let state = |one: &Stood| match one {
        Stood::Confirmed => PlaceState::Confirmed,
        Stood::Requested => PlaceState::Requested,
        Stood::Waiting => PlaceState::Waiting { queue },
    };
    let count = u32::try_from(stood.len()).unwrap_or(u32::MAX);
    let mut registration = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(),
        session: session.code.clone(),
        leader: request.leader,
        sender: request.sender,
        team: request.team,
        booked_at: Some(ctx.now()),
        hold_extended: false,
        asked: count,
        untold_since: Some(ctx.now()),
        nomination: request.nomination,
        places: ctx.places(1, request.attendees, stood.iter().map(state).collect()),
    };
    let origin = Origin {
        source: "import",
        attempt: request.attempt.as_deref(),
        fingerprint: request.fingerprint.as_deref(),
        at: ctx.now(),
    };
    insert(ctx, &mut locked, &mut registration, origin).await?;
    let mut out = Outgoing::default();
    out.link(ctx, LinkTarget::Leader(registration.id));
    out.write(ctx, &mut locked).await?;
    log(ctx, &mut locked, actor, &registration).await?;
    tx.commit().await?;
    Ok(Some(registration))
}

async fn is_known(tx: &mut Tx, request: &BookRequest) -> Result<bool, BookError> {
    let Some(attempt) = &request.attempt else { return Ok(false) };
    let Some((_, fingerprint)) = registrations::find_attempt(tx, attempt).await? else {
        return Ok(false);
    };
    if fingerprint.is_some() && fingerprint != request.fingerprint {
        return Err(BookError::KeyReused);
    }
    Ok(true)
}

/// Whether the session can have had these places.
fn takes(ctx: &ActionContext, session: &Session, stood: &[Stood]) -> Result<(), HoldError> {
    if session.publication != Publication::Published {
        return Err(HoldError::NotOpen(session.booking_status(ctx.now())));
    }
    let confirmed = stood.iter().filter(|one| **one == Stood::Confirmed).count();
    let free = session.occupancy.free();
    if usize::try_from(free).is_ok_and(|free| confirmed > free) {
        return Err(HoldError::NotEnough { free });
    }
    Ok(())
}

async fn log(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    registration: &Registration,
) -> Result<(), StoreError> {
    let events = [
        (AuditAction::PlacesBooked, PlaceStatus::Confirmed),
        (AuditAction::PlacesRequested, PlaceStatus::Requested),
        (AuditAction::WaitingListJoined, PlaceStatus::Waiting),
    ];
    let counted = events.map(|(action, status)| (action, registration.places_in(status).count()));
    let happened = counted.into_iter().filter(|(_, places)| *places > 0);
    let events = happened.map(|(action, places)| (action, Some(format!("{places} places"))));
    record_all(ctx, tx, actor, Subject::of(registration), events.collect()).await
}
