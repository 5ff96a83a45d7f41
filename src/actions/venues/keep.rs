//! A venue is added to the list.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::VenueId,
        venue::Venue,
    },
    store::{StoreError, venues},
    token::Attempt,
};

/// Adds a venue under the first number that is free.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn add_venue(
    ctx: &ActionContext,
    actor: &Actor,
    venue: &Venue,
    attempt: Option<&Attempt>,
) -> Result<VenueId, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "venue", attempt).await? {
        return key(&made);
    }
    let mut new = venue.clone();
    let mut number = venues::count_all(&mut tx).await?;
    loop {
        number += 1;
        new.id = VenueId::numbered(number);
        if venues::insert(&mut tx, &new).await? {
            break;
        }
    }
    let subject = Subject::about(AuditedRecord::Venue(new.id.clone()));
    let detail = Some(format!("{}: new, {}", new.id, new.name));
    record(ctx, &mut tx, actor, AuditAction::VenueKept, subject, detail).await?;
    made(&mut tx, attempt, new.id.as_str()).await?;
    tx.commit().await?;
    Ok(new.id)
}
