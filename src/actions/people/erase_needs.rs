//! Food and access needs are erased thirty days after the last sitting (P1).

use chrono::Duration;

use crate::{
    actions::ActionContext,
    store::{StoreError, places, received},
};

/// How long needs are kept after a session's last sitting.
const RETENTION: Duration = Duration::days(30);

/// Erases what is not needed any more; how many places had needs.
///
/// # Errors
/// [`StoreError`], in which case nothing was erased.
pub async fn erase_needs(ctx: &ActionContext) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let erased = places::erase_needs(&mut tx, ctx.now() - RETENTION).await?;
    received::forget_words(&mut tx, ctx.now() - RETENTION).await?;
    tx.commit().await?;
    Ok(erased)
}
