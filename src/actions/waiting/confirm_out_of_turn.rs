//! Giving people who wait a place before others who wait longer: only with a reason, which stays in
//! the log and in the place's history.

use super::settle::{offer_freed, settle, tell_leader};
use crate::{
    actions::{
        ActionContext, booking::hold_places::subject, calendars::invite::send_invites,
        record::record,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::{Place, PlaceState, PlaceStatus},
        session::Publication,
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError,
        places::{self, Change},
        registrations, session_changes, sessions,
    },
};

/// Why nobody got a place.
#[derive(Debug, thiserror::Error)]
pub enum OutOfTurnError {
    /// Nobody of this booking waits any more.
    #[error("nobody of this booking waits any more")]
    NobodyWaits,
    /// The session was called off or is over.
    #[error("the session is cancelled or over")]
    TooLate,
    /// There is too little room, and no more is to be made.
    #[error("only {free} places are free; they need {needed}")]
    NoRoom {
        /// How many are free, those offered to others left out.
        free: u32,
        /// How many are needed.
        needed: u32,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Confirms everybody of a booking who waits or is offered a place. Where there is too little room
/// and `make_room` is set, the session gets as many more places as it takes.
///
/// # Errors
/// [`OutOfTurnError`], in which case nothing changed.
pub async fn confirm_out_of_turn(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    why: &Paragraph,
    make_room: bool,
) -> Result<usize, OutOfTurnError> {
    let mut tx = ctx.store.begin().await?;
    let found = registrations::find(&mut tx, id).await?.ok_or(OutOfTurnError::NobodyWaits)?;
    sessions::lock(&mut tx, &found.session).await?;
    settle(ctx, &mut tx, &found.session).await?;
    let session = sessions::find(&mut tx, &found.session).await?;
    let session = session.ok_or(OutOfTurnError::NobodyWaits)?;
    let is_over = session.ends_at().is_none_or(|end| end <= ctx.now());
    if session.publication != Publication::Published || is_over {
        return Err(OutOfTurnError::TooLate);
    }
    let registration =
        registrations::find(&mut tx, id).await?.ok_or(OutOfTurnError::NobodyWaits)?;
    let of = |status| registration.places_in(status);
    let waiting: Vec<Place> = of(PlaceStatus::Waiting).cloned().collect();
    let offered: Vec<Place> = of(PlaceStatus::Offered).cloned().collect();
    if waiting.is_empty() && offered.is_empty() {
        return Err(OutOfTurnError::NobodyWaits);
    }
    let (free, needed) = (session.occupancy.free(), u32::try_from(waiting.len()).unwrap_or(0));
    if free < needed {
        if !make_room {
            return Err(OutOfTurnError::NoRoom { free, needed });
        }
        let capacity = session.occupancy.capacity + (needed - free);
        session_changes::set_capacity(&mut tx, &session.code, capacity).await?;
        let detail = Some(format!("from {} to {capacity}", session.occupancy.capacity));
        record(ctx, &mut tx, actor, AuditAction::CapacityChanged, subject(&registration), detail)
            .await?;
    }
    let change = Change { by: actor, at: ctx.now(), why: Some(why.as_str()) };
    for place in waiting.iter().chain(&offered) {
        let queue = registration.queue().unwrap_or_default();
        // By way of an offer that is taken up at once: there is no other way off the list.
        let offer = PlaceState::Offered { until: ctx.now(), queue };
        if let Ok(state) = place.state.becomes(offer) {
            places::set_state(&mut tx, place.id, state, change).await?;
        }
        places::set_state(&mut tx, place.id, PlaceState::Confirmed, change).await?;
    }
    let after = registrations::find(&mut tx, id).await?.ok_or(OutOfTurnError::NobodyWaits)?;
    let is_new = |place: &&Place| waiting.iter().chain(&offered).any(|one| one.id == place.id);
    for place in after.confirmed().filter(is_new) {
        send_invites(ctx, &mut tx, &session, &after, place).await?;
    }
    let kind = LetterKind::BookingConfirmed;
    tell_leader(ctx, &mut tx, &session, id, kind, |(session, registration), url| {
        letters::booking_confirmed(&ctx.sender, session, registration, url)
    })
    .await?;
    let given = waiting.len() + offered.len();
    let detail = Some(format!("{given} places: {}", why.as_str()));
    let action = AuditAction::ConfirmedOutOfTurn;
    record(ctx, &mut tx, actor, action, subject(&registration), detail).await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(given)
}
