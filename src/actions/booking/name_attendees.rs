//! Saying who is coming, while the places are held; nothing is told to anybody yet.

use super::hold_places::HoldError;
use crate::{
    actions::{ActionContext, waiting::settle::offer_freed},
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::RegistrationId,
        place::{PlaceState, PlaceStatus},
    },
    store::{
        places::{self, Change},
        registrations, sessions,
    },
};

/// Writes who sits on which held place, by number.
///
/// # Errors
/// [`HoldError::NotEnough`] when nothing is held any more; [`HoldError::Store`].
pub async fn name_attendees(
    ctx: &ActionContext,
    id: RegistrationId,
    attendees: &[(u32, Attendee)],
) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let registration = registrations::find(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    for place in registration.places_in(PlaceStatus::Held) {
        let named = attendees.iter().find(|(number, _)| *number == place.number);
        if let Some((_, attendee)) = named {
            places::set_attendee(&mut tx, place.id, attendee).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Gives one held place back: the leader needs one fewer. The last one stays.
///
/// # Errors
/// [`HoldError::Store`].
pub async fn drop_place(
    ctx: &ActionContext,
    id: RegistrationId,
    number: u32,
) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let found = registrations::find(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    sessions::lock(&mut tx, &found.session).await?;
    let registration = registrations::find(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let held: Vec<_> = registration.places_in(PlaceStatus::Held).collect();
    if held.len() > 1
        && let Some(place) = held.iter().find(|place| place.number == number)
    {
        let change = Change { by: &Actor::Leader, at: ctx.now(), why: Some("not needed") };
        places::set_state(&mut tx, place.id, PlaceState::Cancelled, change).await?;
        places::supersede(&mut tx, place.id).await?;
        registrations::set_asked(&mut tx, id, registration.asked.saturating_sub(1)).await?;
        offer_freed(ctx, &mut tx, &found.session).await?;
    }
    tx.commit().await?;
    Ok(())
}
