//! Saying who is coming, while the places are held; nothing is told to anybody yet.

use super::refusals::HoldError;
use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, settle::offer_freed},
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::RegistrationId,
        place::{PlaceState, PlaceStatus},
    },
    store::{
        StoreError,
        places::{self, Cause},
        registrations,
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
    let opened = Opened::lock(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, registration, .. } = opened;
    for place in registration.places_in(PlaceStatus::Held) {
        let named = attendees.iter().find(|(number, _)| *number == place.number);
        if let Some((_, attendee)) = named {
            places::set_attendee(&mut locked, place.id, attendee).await?;
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
    let opened = Opened::lock(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, mut registration, .. } = opened;
    let held = registration.places_in(PlaceStatus::Held).count();
    let asked = registration.asked.saturating_sub(1);
    let mut places = registration.places_in_mut(PlaceStatus::Held);
    if held > 1
        && let Some(place) = places.find(|place| place.number == number)
    {
        let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: Some("not needed") };
        let gone = place.becomes(PlaceState::Cancelled).map_err(StoreError::from)?;
        places::set_states(&mut locked, &[gone], cause).await?;
        places::supersede(&mut locked, gone.place()).await?;
        registrations::set_asked(&mut locked, id, asked).await?;
        offer_freed(ctx, &mut locked).await?;
    }
    tx.commit().await?;
    Ok(())
}
