//! Making one institution of two, and of a name that leaders typed the institution they meant.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{InstitutionCode, StaffLogin},
    },
    store::{StoreError, institution_merges},
};

/// Why two institutions were not made one.
#[derive(Debug, thiserror::Error)]
pub enum MergeInstitutionsError {
    /// One of them is not on the list, or both are the same, or one was merged before.
    #[error("choose two different institutions")]
    NotTwo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes one institution of two: the bookings, people and pledges of `gone` are `kept`'s, which
/// keeps its name; `gone` is archived, and its code leads to `kept`.
///
/// # Errors
/// [`MergeInstitutionsError`], in which case they stay two.
pub async fn merge_institutions(
    ctx: &ActionContext,
    actor: &Actor,
    kept: &InstitutionCode,
    gone: &InstitutionCode,
) -> Result<(), MergeInstitutionsError> {
    let mut tx = ctx.store.begin().await?;
    if institution_merges::lock_both(&mut tx, kept, gone).await? != 2 {
        return Err(MergeInstitutionsError::NotTwo);
    }
    institution_merges::merge(&mut tx, kept, gone, ctx.now()).await?;
    let (subject, detail) = (Subject::default(), Some(format!("{gone} into {kept}")));
    record(ctx, &mut tx, actor, AuditAction::InstitutionsMerged, subject, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes which institution leaders meant who typed its name; with `within`, on sessions of that
/// organiser's alliances. In how many bookings.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn recognise_institution(
    ctx: &ActionContext,
    actor: &Actor,
    within: Option<&StaffLogin>,
    typed: &str,
    meant: &InstitutionCode,
) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let bookings = institution_merges::recognise(&mut tx, within, typed, meant).await?;
    if bookings > 0 {
        let detail = Some(format!("{meant}: {bookings}"));
        let action = AuditAction::InstitutionRecognised;
        record(ctx, &mut tx, actor, action, Subject::default(), detail).await?;
    }
    tx.commit().await?;
    Ok(bookings)
}
