//! Trying again to deliver a letter that was given up.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{LetterId, StaffLogin},
    },
    store::{StoreError, letter_search},
};

/// Puts a letter that was given up back into the queue; `false` if it was not given up, or
/// `within` may not see it.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn retry_letter(
    ctx: &ActionContext,
    actor: &Actor,
    id: LetterId,
    within: Option<&StaffLogin>,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if !letter_search::retry(&mut tx, id, within, ctx.now()).await? {
        return Ok(false);
    }
    let detail = Some(id.to_string());
    record(ctx, &mut tx, actor, AuditAction::LetterRetried, Subject::default(), detail).await?;
    tx.commit().await?;
    Ok(true)
}
