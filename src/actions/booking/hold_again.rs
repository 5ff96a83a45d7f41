//! Holding again what ran out while a leader was typing, with everything she typed (B10).

use super::{
    channel::{Channel, Extent},
    hold_evenings::all_again,
    hold_places::{bookable, find, fits, held_until, refuse_hoarding},
    refusals::HoldError,
};
use crate::{
    actions::{
        ActionContext,
        places::settle::settle,
        questions::answer::take_along,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        place::{Place, PlaceState},
    },
    store::{
        StoreError, Tx, networks,
        places::{self, Cause},
        session_lock,
    },
};

/// Holds the places of a registration whose hold ran out again, keeping what was typed.
///
/// # Errors
/// [`HoldError`], in which case nothing changed.
pub async fn hold_again(
    ctx: &ActionContext,
    id: RegistrationId,
    network: Option<&str>,
) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    all_again(ctx, &mut tx, (id, network)).await?;
    tx.commit().await?;
    Ok(())
}

/// The same of one booking, in a transaction that does more.
pub(super) async fn hold_one_again(
    ctx: &ActionContext,
    tx: &mut Tx,
    (id, network): (RegistrationId, Option<&str>),
    extent: Extent,
) -> Result<u32, HoldError> {
    let locked = session_lock::lock_of_registration(tx, id).await?;
    let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
    // What has run out may not have been settled yet: it is what is to be held again.
    settle(ctx, &mut locked).await?;
    let typed = latest_expired(&mut locked, id).await?;
    let wanted = u32::try_from(typed.len()).unwrap_or(u32::MAX);
    let session = bookable(ctx, &mut locked, wanted, (Channel::Public, extent)).await?;
    let mut registration = find(&mut locked, id).await?;
    if registration.booked_at.is_some() || held_until(&registration).is_some() {
        return Ok(wanted);
    }
    if let Some(network) = network {
        refuse_hoarding(ctx, &mut locked, (network, Some(id)), wanted).await?;
        networks::note(&mut locked, id, network).await?;
    }
    let held = fits(&mut locked, &session, &registration, wanted).await?;
    let state = PlaceState::Held { until: ctx.now() + ctx.hold };
    let again = typed.iter().take(held as usize).cloned();
    registration.places = again.map(|place| Place { id: ctx.place_id(), state, ..place }).collect();
    let same: Vec<_> =
        typed.iter().zip(&registration.places).map(|(old, new)| (old.id, new.id)).collect();
    let cause = Cause { by: &Actor::Visitor, at: ctx.now(), why: None };
    places::insert(&mut locked, id, &registration.places, cause).await?;
    let (action, subject) = (AuditAction::PlacesHeld, Subject::of(&registration));
    take_along(ctx, &mut locked, (id, id), &same).await?;
    let detail = Some(format!("{held} places, again"));
    record(ctx, &mut locked, &Actor::Leader, action, subject, detail).await?;
    Ok(held)
}

/// The places that ran out last, one for each number, as they were typed.
async fn latest_expired(tx: &mut Tx, id: RegistrationId) -> Result<Vec<Place>, StoreError> {
    let mut latest: Vec<Place> = Vec::new();
    for place in places::expired_of_registration(tx, id).await? {
        if latest.iter().all(|known| known.number != place.number) {
            latest.push(place);
        }
    }
    latest.sort_by_key(|place| place.number);
    Ok(latest)
}
