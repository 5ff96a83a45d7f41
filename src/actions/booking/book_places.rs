//! Booking: a leader gets places for her team. The web confirms what it held; the API and the
//! importer ask for everything at once.

use super::{
    channel::Channel,
    hold_places::{as_it_stands, bookable, insert, nobody_there},
    prerequisites,
    refusals::{BookError, HoldError},
    seat::{Seats, seat},
};
use crate::{
    actions::{
        ActionContext,
        places::{
            already::{Asked, already_there},
            opened::Opened,
            settle::offer_freed,
            share::Party,
            standing::standing,
        },
        record::{Subject, record_all},
        tell::{Outgoing, leader_link},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::{PlaceState, PlaceStatus},
        prerequisite::Preparation,
        registration::{Leader, Registration, Sender},
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        links::LinkTarget,
        places::{self, Cause},
        registrations::{self, Origin},
        seated,
        session_lock::{self, Locked},
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
    nomination: Option<&Paragraph>,
) -> Result<Registration, BookError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock_settled(ctx, &mut tx, id).await?;
    let opened = opened.ok_or(BookError::NoSuchRegistration)?;
    let Opened { mut locked, mut session, mut registration } = opened;
    if registration.booked_at.is_some() {
        return Ok(registration);
    }
    match session.booking_status(ctx.now()) {
        BookingStatus::Open { .. } => {}
        status => return Err(HoldError::NotOpen(status).into()),
    }
    let held = registration.places_in(PlaceStatus::Held).count();
    if held == 0 {
        tx.commit().await?;
        return Err(BookError::HoldRanOut { free: session.occupancy.open_to_all() });
    }
    not_there_yet(&mut locked, &registration).await?;
    let freed = decide(ctx, &mut locked, &session, &mut registration, nomination).await?;
    if freed > 0 {
        session = as_it_stands(&mut locked, session, freed).await?;
    }
    let others = (registration.asked as usize).saturating_sub(held);
    seat_the_others(ctx, &mut locked, &session, &mut registration, others).await?;
    let about = (&session, &registration);
    tell(ctx, &mut locked, about, &Actor::Leader, Outgoing::default()).await?;
    if freed > 0 {
        offer_freed(ctx, &mut locked).await?;
    }
    tx.commit().await?;
    Ok(registration)
}

/// Makes sure that nobody who is named is on the session already, unless her leader said that she is
/// somebody else.
async fn not_there_yet(
    locked: &mut Locked<'_>,
    registration: &Registration,
) -> Result<(), HoldError> {
    let held = registration.places_in(PlaceStatus::Held);
    let named = held.map(|place| (place.number, place.attendee.as_ref()));
    let asked = Asked::new(named, registration.sender.code(), &[]);
    let mut found = already_there(locked, &Actor::Leader, &asked).await?;
    if !found.is_empty() {
        let apart = seated::apart(locked, registration.id).await?;
        found.retain(|one| !apart.contains(&one.number));
    }
    if found.is_empty() { Ok(()) } else { Err(HoldError::AlreadyThere(found)) }
}

/// Sends the booking off: each place that is held becomes confirmed, or is asked for. How many
/// places that frees, since what is only asked for holds none.
async fn decide(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &mut Registration,
    nomination: Option<&Paragraph>,
) -> Result<u32, BookError> {
    let held: Vec<_> =
        registration.places_in(PlaceStatus::Held).map(|one| one.attendee.as_ref()).collect();
    let institution = registration.sender.code();
    let prepared = match session.mode {
        BookingMode::Instant => prerequisites::meet(locked, session, &held, institution).await?,
        // The organiser decides of everybody.
        BookingMode::Approval => vec![Preparation::Unclear; held.len()],
    };
    let may_come: Vec<_> = prepared.iter().map(|one| *one == Preparation::Done).collect();
    if prepared.contains(&Preparation::Lacking) && nomination.is_none() {
        return Err(BookError::NominationMissing);
    }
    registrations::mark_booked(locked, registration.id, nomination, ctx.now()).await?;
    (registration.booked_at, registration.nomination) = (Some(ctx.now()), nomination.cloned());
    let held = registration.places_in_mut(PlaceStatus::Held).zip(&may_come);
    let moves = held.map(|(place, may_come)| match may_come {
        true => place.becomes(PlaceState::Confirmed),
        false => place.becomes(PlaceState::Requested),
    });
    let moves = moves.collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: None };
    places::set_states(locked, &moves, cause).await?;
    let freed = moves.iter().filter(|one| !one.to().status().is_occupied()).count();
    Ok(u32::try_from(freed).unwrap_or(0))
}

/// Seats those for whom nothing could be held: somebody may have cancelled meanwhile; else they
/// wait.
async fn seat_the_others(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &mut Registration,
    others: usize,
) -> Result<(), BookError> {
    if others == 0 {
        return Ok(());
    }
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: false,
        decided: false,
    };
    let Seats { states, .. } = seat(locked, session, party, &vec![None; others]).await?;
    let first = registration.places.iter().map(|place| place.number).max().unwrap_or(0) + 1;
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: None };
    let more = ctx.places(first, vec![None; others], states);
    places::insert(locked, registration.id, &more, cause).await?;
    registration.places.extend(more);
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
}

async fn book(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
    telling: Telling,
) -> Result<Booked, BookError> {
    let mut tx = ctx.store.begin().await?;
    let booked = book_in(ctx, &mut tx, actor, request, telling).await?;
    tx.commit().await?;
    Ok(booked)
}

/// The same in a transaction that makes more.
pub(in crate::actions) async fn book_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
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
    let session = bookable(ctx, &mut locked, count, channel).await?;
    let party =
        Party { sender: &request.sender, team: request.team, vouched: request.vouched, decided };
    let who: Vec<_> = request.attendees.iter().map(Option::as_ref).collect();
    let named = (1..).zip(who.iter().copied());
    let asked = Asked::new(named, request.sender.code(), &request.apart);
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
    tell(ctx, &mut locked, (&session, &registration), actor, out).await?;
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
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, registration): (&Session, &Registration),
    actor: &Actor,
    mut out: Outgoing,
) -> Result<(), StoreError> {
    let count = |status| registration.places_in(status).count();
    let (confirmed, requested) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Requested));
    let waiting = count(PlaceStatus::Waiting);
    let is_told = registration.untold_since.is_none();
    if is_told && registration.leader.email.is_some() {
        let link = out.link(ctx, LinkTarget::Leader(registration.id));
        let (sender, url) = (&ctx.sender, ctx.manage_url(&link));
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
    let events = [
        (AuditAction::PlacesBooked, confirmed),
        (AuditAction::PlacesRequested, requested),
        (AuditAction::WaitingListJoined, waiting),
    ];
    let happened = events.into_iter().filter(|(_, places)| *places > 0);
    let events = happened.map(|(action, places)| (action, Some(format!("{places} places"))));
    record_all(ctx, tx, actor, Subject::of(registration), events.collect()).await
}
