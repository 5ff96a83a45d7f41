//! Confirming: what was held for a leader while she typed becomes hers.

use super::{
    book_places::tell,
    confirm_evenings::confirm_evenings,
    hold_places::as_it_stands,
    prerequisites,
    refusals::{BookError, HoldError},
    seat::{Seats, seat},
};
use crate::{
    actions::{
        ActionContext,
        places::{
            already::{NamedPeople, already_there},
            opened::Opened,
            settle::offer_freed,
            share::Party,
        },
        tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::RegistrationId,
        place::{PlaceState, PlaceStatus},
        prerequisite::Preparation,
        registration::Registration,
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
    },
    store::{
        StoreError,
        places::{self, Cause},
        registrations, seated, series_bookings,
        session_lock::{self, Locked},
    },
};

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
    // Which evenings belong together never changes once they are held: it is read before anything is locked.
    let together = series_bookings::of(&mut ctx.store.read().await?, id).await?;
    let mut tx = ctx.store.begin().await?;
    if let Some(together) = together {
        session_lock::lock_all(&mut tx, together.all.iter().map(|(_, session)| session)).await?;
        let lead = confirm_evenings(ctx, &mut tx, &together, nomination).await?;
        tx.commit().await?;
        return Ok(lead);
    }
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
    let others = vec![None; (registration.asked as usize).saturating_sub(held)];
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
pub(super) async fn not_there_yet(
    locked: &mut Locked<'_>,
    registration: &Registration,
) -> Result<(), HoldError> {
    let held = registration.places_in(PlaceStatus::Held);
    let named = held.map(|place| (place.number, place.attendee.as_ref()));
    let asked = NamedPeople::new(named, registration.sender.code(), &[]);
    let mut found = already_there(locked, &Actor::Leader, &asked).await?;
    if !found.is_empty() {
        let apart = seated::apart(locked, registration.id).await?;
        found.retain(|one| !apart.contains(&one.number));
    }
    if found.is_empty() { Ok(()) } else { Err(HoldError::AlreadyThere(found)) }
}

/// Sends the booking off: each place that is held becomes confirmed, or is asked for. How many
/// places that frees, since what is only asked for holds none.
pub(super) async fn decide(
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
pub(super) async fn seat_the_others(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &mut Registration,
    others: Vec<Option<Attendee>>,
) -> Result<(), BookError> {
    if others.is_empty() {
        return Ok(());
    }
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: false,
        decided: false,
    };
    let who: Vec<_> = others.iter().map(Option::as_ref).collect();
    let Seats { states, .. } = seat(locked, session, party, &who).await?;
    let first = registration.places.iter().map(|place| place.number).max().unwrap_or(0) + 1;
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: None };
    let more = ctx.places(first, others, states);
    places::insert(locked, registration.id, &more, cause).await?;
    registration.places.extend(more);
    Ok(())
}
