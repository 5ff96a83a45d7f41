//! Booking: a leader gets places for her team. The web confirms what it held; the API and the
//! importer ask for everything at once.

use super::{
    channel::{Channel, Extent},
    hold_places::{bookable, insert, nobody_there},
    refusals::{BookError, HoldError},
    seat::{Seats, seat},
};
use crate::{
    actions::{
        ActionContext,
        places::{already::NamedPeople, share::Party, standing::standing},
        record::{Subject, record_all},
        tell::{Outgoing, leader_link},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::SessionCode,
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::PlaceStatus,
        registration::{Leader, Registration, Sender},
        session::Session,
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        links::LinkTarget,
        registrations::{self, Origin},
        session_lock,
    },
    token::Token,
};

pub use super::confirm::confirm_booking;

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
    /// The numbers of those who were said to be somebody else than their namesakes on the session,
    /// from 1 (H2).
    pub apart: Vec<u32>,
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
    book(ctx, actor, request, Telling::Now).await
}

/// The same without a letter to anybody: the booking is marked, and told when the office sends its
/// confirmation or something about it changes.
///
/// # Errors
/// [`BookError`], in which case nothing was booked.
pub async fn book_places_untold(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
) -> Result<Booked, BookError> {
    book(ctx, actor, request, Telling::Later).await
}

/// When people learn of a booking.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::actions) enum Telling {
    Now,
    Later,
    /// Together with other evenings, by whoever books them all.
    Together,
}

async fn book(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
    telling: Telling,
) -> Result<Booked, BookError> {
    let mut tx = ctx.store.begin_on(&request.session).await?;
    let booked = book_in(ctx, &mut tx, (actor, Extent::of_one(actor)), request, telling).await?;
    tx.commit().await?;
    Ok(booked)
}

/// The same in a transaction that makes more.
///
/// # Errors
/// [`BookError`], in which case nothing was booked.
pub(in crate::actions) async fn book_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    (actor, extent): (&Actor, Extent),
    request: BookRequest,
    telling: Telling,
) -> Result<Booked, BookError> {
    let locked = session_lock::lock(tx, &request.session).await?;
    let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
    if let Some(repeated) = find_repeated(ctx, &mut locked, &request).await? {
        return Ok(repeated);
    }
    refuse_floods(ctx, &mut locked, actor, &request.leader).await?;
    let count = u32::try_from(request.attendees.len()).unwrap_or(u32::MAX);
    let (channel, decided) = Channel::of(actor, request.vouched);
    let session = bookable(ctx, &mut locked, count, (channel, extent)).await?;
    let party =
        Party { sender: &request.sender, team: request.team, vouched: request.vouched, decided };
    let who: Vec<_> = request.attendees.iter().map(Option::as_ref).collect();
    let named = (1..).zip(who.iter().copied());
    let asked = NamedPeople::new(named, request.sender.code(), &request.apart);
    nobody_there(&mut locked, actor, &asked).await?;
    let Seats { states, lacks } = seat(&mut locked, &session, party, &who).await?;
    if lacks && request.nomination.is_none() {
        return Err(BookError::NominationMissing);
    }
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
        untold_since: (telling == Telling::Later).then(|| ctx.now()),
        nomination: request.nomination,
        places: ctx.places(1, request.attendees, states),
    };
    let origin = Origin {
        source: source(actor),
        attempt: request.attempt.as_deref(),
        fingerprint: request.fingerprint.as_deref(),
        at: ctx.now(),
    };
    insert(ctx, &mut locked, &mut registration, origin).await?;
    let mut out = Outgoing::default();
    let token = out.link_now(ctx, LinkTarget::Leader(registration.id));
    if telling == Telling::Together {
        out.write(ctx, &mut locked).await?;
        log_booked(ctx, &mut locked, &registration, actor).await?;
    } else {
        tell(ctx, &mut locked, (&session, &registration), actor, out).await?;
    }
    Ok(Booked { registration, token, repeated: false })
}

/// Refuses more bookings in an hour than one leader makes, unless somebody looks at each.
async fn refuse_floods(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    leader: &Leader,
) -> Result<(), BookError> {
    let (Some(email), Actor::Visitor | Actor::Api) = (&leader.email, actor) else { return Ok(()) };
    let since = ctx.now() - chrono::Duration::hours(1);
    if registrations::booked_since(tx, email, since).await? >= BOOKINGS_AN_HOUR {
        return Err(HoldError::TooMany.into());
    }
    Ok(())
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

async fn find_repeated(
    ctx: &ActionContext,
    tx: &mut Tx,
    request: &BookRequest,
) -> Result<Option<Booked>, BookError> {
    let Some(attempt) = &request.attempt else { return Ok(None) };
    let Some((id, fingerprint)) = registrations::find_attempt(tx, attempt).await? else {
        return Ok(None);
    };
    // Attempts from before fingerprints were kept say nothing about what they asked for.
    if fingerprint.is_some() && fingerprint != request.fingerprint {
        return Err(BookError::KeyReused);
    }
    let registration = registrations::find(tx, id).await?.ok_or(BookError::NoSuchRegistration)?;
    let token = leader_link(ctx, tx, id).await?;
    Ok(Some(Booked { registration, token, repeated: true }))
}

/// Tells the leader and every attendee with an address, and the audit log.
pub(super) async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, registration): (&Session, &Registration),
    actor: &Actor,
    mut out: Outgoing,
) -> Result<(), StoreError> {
    let count = |status| registration.places_in(status).count();
    let (confirmed, waiting) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Waiting));
    let is_told = registration.untold_since.is_none();
    if is_told && registration.leader.email.is_some() {
        let link = out.link(ctx, LinkTarget::Leader(registration.id));
        let (sender, url) = (&ctx.letterhead, ctx.manage_url(&link));
        let (kind, content) = if confirmed == 0 && waiting > 0 {
            let position = standing(tx, registration).await?.unwrap_or(1);
            let words = letters::waiting_list_joined;
            let content = words(sender, session, registration, position, &url);
            (LetterKind::WaitingListJoined, content)
        } else if confirmed == 0 {
            let content = letters::places_requested(sender, session, registration, &url);
            (LetterKind::PlacesRequested, content)
        } else {
            let content = letters::booking_confirmed(sender, session, registration, &url);
            (LetterKind::BookingConfirmed, content)
        };
        out.write_leader(ctx, registration, kind, content);
    }
    if is_told {
        out.invites(ctx, (session, registration), registration.confirmed());
    }
    out.write(ctx, tx).await?;
    log_booked(ctx, tx, registration, actor).await
}

/// Writes into the audit log what a booking came to.
pub(super) async fn log_booked(
    ctx: &ActionContext,
    tx: &mut Tx,
    registration: &Registration,
    actor: &Actor,
) -> Result<(), StoreError> {
    let count = |status| registration.places_in(status).count();
    let (confirmed, requested) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Requested));
    let waiting = count(PlaceStatus::Waiting);
    let events = [
        (AuditAction::PlacesBooked, confirmed),
        (AuditAction::PlacesRequested, requested),
        (AuditAction::WaitingListJoined, waiting),
    ];
    let happened = events.into_iter().filter(|(_, places)| *places > 0);
    let events = happened.map(|(action, places)| (action, Some(format!("{places} places"))));
    record_all(ctx, tx, actor, Subject::of(registration), events.collect()).await
}
