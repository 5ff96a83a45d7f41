//! Keeping what a leader typed, as she typed it, while her places are held: going back, a name that cannot
//! be read, fewer places for a moment lose nothing.

use chrono::Duration;

use crate::{
    actions::ActionContext,
    domain::id::RegistrationId,
    store::{StoreError, booking_drafts},
};

/// How long what was typed is kept for a booking that is never sent off (P5).
const MEMORY: Duration = Duration::days(1);

/// Keeps what was typed, in place of what was kept before.
///
/// # Errors
/// [`StoreError`], in which case what was kept before is kept still.
pub async fn keep_draft(
    ctx: &ActionContext,
    id: RegistrationId,
    typed: &str,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    booking_drafts::save(&mut tx, id, typed, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets what was typed for a booking that was sent off: it stands there now.
///
/// # Errors
/// [`StoreError`], in which case it is forgotten within a day all the same.
pub async fn forget_draft(ctx: &ActionContext, id: RegistrationId) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    booking_drafts::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets what was typed long ago; for how many bookings.
///
/// # Errors
/// [`StoreError`], in which case none was forgotten.
pub async fn forget_drafts(ctx: &ActionContext) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let forgotten = booking_drafts::forget(&mut tx, ctx.now() - MEMORY).await?;
    tx.commit().await?;
    Ok(forgotten)
}
