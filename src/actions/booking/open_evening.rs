//! Going from one evening of a booking to another that was made with it.

use super::cancel_evenings::looks_after;
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::leader_link,
    },
    domain::{
        audit::{Actor, AuditAction},
        reference::Reference,
        registration::Registration,
    },
    store::{StoreError, registrations, series_bookings},
    token::Token,
};

/// A link to another evening that was booked at once with this one, for whoever holds the link of this one; `None`
/// where it was not, or somebody else looks after it now.
///
/// # Errors
/// [`StoreError`].
pub async fn open_evening(
    ctx: &ActionContext,
    own: &Registration,
    reference: &Reference,
) -> Result<Option<Token>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(together) = series_bookings::of(&mut tx, own.id).await? else { return Ok(None) };
    for (id, _) in together.all {
        let Some(other) = registrations::find(&mut tx, id).await? else { continue };
        if other.reference == *reference && looks_after(own, &other) {
            let token = leader_link(ctx, &mut tx, id).await?;
            let (action, subject) = (AuditAction::LinkSent, Subject::of(&other));
            record(ctx, &mut tx, &Actor::Leader, action, subject, None).await?;
            tx.commit().await?;
            return Ok(Some(token));
        }
    }
    Ok(None)
}
