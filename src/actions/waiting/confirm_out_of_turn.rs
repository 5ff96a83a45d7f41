//! Giving people who wait a place before others who wait longer: only with a reason, which stays in
//! the log and in the place's history.

use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, settle::offer_freed, share::room_for},
        record::{Subject, record, record_changes},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit,
        id::RegistrationId,
        letter::LetterKind,
        place::{PlaceState, PlaceStatus},
        plan::SessionPlan,
        session::Publication,
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError,
        places::{self, Cause},
        session_changes,
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
    let opened = Opened::lock_settled(ctx, &mut tx, id).await?;
    let Opened { mut locked, session, mut registration } =
        opened.ok_or(OutOfTurnError::NobodyWaits)?;
    let is_over = session.ends_at().is_none_or(|end| end <= ctx.now());
    if session.publication != Publication::Published || is_over {
        return Err(OutOfTurnError::TooLate);
    }
    let waiting = registration.places_in(PlaceStatus::Waiting).count();
    let given = waiting + registration.places_in(PlaceStatus::Offered).count();
    if given == 0 {
        return Err(OutOfTurnError::NobodyWaits);
    }
    let needed = u32::try_from(waiting).unwrap_or(0);
    let free = room_for(&mut locked, &session, &registration.sender, needed).await?;
    if free < needed {
        if !make_room {
            return Err(OutOfTurnError::NoRoom { free, needed });
        }
        let capacity = session.occupancy.capacity + (needed - free);
        let (code, now) = (&session.code, ctx.now());
        session_changes::set_capacity(&mut locked, code, capacity, now).await?;
        let before = SessionPlan::of(&session);
        let after = SessionPlan { capacity: Some(capacity), ..before.clone() };
        let changes = edit::changes(&before, &after, session.zone());
        let what = (AuditAction::CapacityChanged, Subject::of(&registration));
        let detail = Some(format!("from {} to {capacity}", session.occupancy.capacity));
        record_changes(ctx, &mut locked, actor, what, (detail, changes)).await?;
    }
    let cause = Cause { by: actor, at: ctx.now(), why: Some(why.as_str()) };
    let queue = registration.queue().unwrap_or_default();
    let mut offered = Vec::with_capacity(waiting);
    for place in registration.places_in_mut(PlaceStatus::Waiting) {
        // By way of an offer that is taken up at once: there is no other way off the list.
        let offer = PlaceState::Offered { until: ctx.now(), queue };
        offered.push(place.becomes(offer).map_err(StoreError::from)?);
    }
    places::set_states(&mut locked, &offered, cause).await?;
    let all = registration.places_in_mut(PlaceStatus::Offered);
    let confirmed = all.map(|place| place.becomes(PlaceState::Confirmed));
    let confirmed = confirmed.collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
    places::set_states(&mut locked, &confirmed, cause).await?;
    let about = (&session, &registration);
    let mut out = Outgoing::default();
    out.invites(ctx, about, registration.confirmed_by(&confirmed));
    out.tell_leader(ctx, about, LetterKind::BookingConfirmed, |(session, registration), url| {
        letters::booking_confirmed(&ctx.letterhead, session, registration, url)
    });
    out.write(ctx, &mut locked).await?;
    let detail = Some(format!("{given} places: {}", why.as_str()));
    let action = AuditAction::ConfirmedOutOfTurn;
    record(ctx, &mut locked, actor, action, Subject::of(&registration), detail).await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(given)
}
