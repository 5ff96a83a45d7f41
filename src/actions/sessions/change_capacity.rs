//! More or fewer places on a session.

use super::change_session::{ChangeSessionError, audit, lock, open};
use crate::{
    actions::{
        ActionContext,
        edit::{States, merged},
        places::settle::offer_freed,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::{Drawn, Merged},
        id::SessionCode,
        occupancy::MOST_PLACES,
        place::PlaceState,
        plan::SessionPlan,
    },
    store::{audit::Edited, places, session_changes},
};

/// Changes how many places there are; more of them are offered to the list at once (W4).
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn change_capacity(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    capacity: u32,
    drawn: Option<&Drawn>,
) -> Result<(), ChangeSessionError> {
    let mut tx = ctx.store.begin().await?;
    let mut locked = lock(&mut tx, code).await?;
    let session = open(ctx, &mut locked).await?;
    let present = SessionPlan::of(&session);
    let sent = SessionPlan { capacity: Some(capacity), ..present.clone() };
    let (edited, states) =
        (Edited::Session(code.clone()), States { drawn, present: &present, sent: &sent });
    let merged: Merged<SessionPlan> =
        merged::<_, ChangeSessionError>(&mut locked, &edited, states, session.zone()).await?;
    let capacity = merged.record.capacity.unwrap_or(session.occupancy.capacity);
    if !(1..=MOST_PLACES).contains(&capacity) {
        return Err(ChangeSessionError::NoPlaces);
    }
    if capacity < session.occupancy.occupied {
        let mut taken = (0, 0, 0);
        for place in places::of_session(&mut locked, code).await?.into_values().flatten() {
            match place.state {
                PlaceState::Confirmed => taken.0 += 1,
                PlaceState::Offered { .. } => taken.1 += 1,
                PlaceState::Held { .. } => taken.2 += 1,
                _ => {}
            }
        }
        let (confirmed, offered, held) = taken;
        return Err(ChangeSessionError::BelowOccupancy { confirmed, offered, held });
    }
    let promised = session.occupancy.promised;
    if promised > 0
        && capacity < session.occupancy.occupied + promised
        && capacity < session.occupancy.capacity
    {
        return Err(ChangeSessionError::BelowPromised { promised });
    }
    let kept: u32 = session.reserves.iter().map(|one| one.unused).sum();
    if capacity < session.occupancy.occupied + kept && capacity < session.occupancy.capacity {
        return Err(ChangeSessionError::BelowReserves { kept });
    }
    if let Some(minimum) = session.aims.minimum.filter(|minimum| capacity < *minimum) {
        return Err(ChangeSessionError::BelowMinimum(minimum));
    }
    session_changes::set_capacity(&mut locked, code, capacity, ctx.now()).await?;
    let detail = format!("from {} to {capacity}", session.occupancy.capacity);
    let action = AuditAction::CapacityChanged;
    audit(ctx, &mut locked, actor, action, code, (detail, merged.changes)).await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(())
}
