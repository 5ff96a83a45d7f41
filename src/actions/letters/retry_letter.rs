//! Trying again to deliver letters that were given up.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{LetterId, StaffLogin},
    },
    store::{StoreError, letter_search, replies},
    token::Attempt,
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
    let (registration, place, session) = replies::about(&mut tx, id).await?;
    let subject = Subject { session, registration, place, about: None };
    record(ctx, &mut tx, actor, AuditAction::LetterRetried, subject, detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Puts all letters that were given up back into the queue, or those that `within` may see; how many.
/// The same attempt sent twice puts back only what was given up when it came first (V3).
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn retry_all_letters(
    ctx: &ActionContext,
    actor: &Actor,
    within: Option<&StaffLogin>,
    attempt: Option<&Attempt>,
) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(letters) = made_before(ctx, &mut tx, "letters-retried", attempt).await? {
        return key(&letters);
    }
    let letters = letter_search::retry_all(&mut tx, within, ctx.now()).await?;
    if letters > 0 {
        let detail = Some(format!("{letters} letters"));
        record(ctx, &mut tx, actor, AuditAction::LetterRetried, Subject::default(), detail).await?;
    }
    made(&mut tx, attempt, &letters.to_string()).await?;
    tx.commit().await?;
    Ok(letters)
}
