//! What an alliance usually does where a calendar says no: what its new sessions begin with.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record_changes},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        edit::Change,
        id::AllianceSlug,
        reply::OnDecline,
    },
    store::{StoreError, catalogue, replies},
};

/// Sets what new sessions of an alliance begin with; those that are there keep what they have. `false` if there
/// is no such alliance.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn set_usual_decline(
    ctx: &ActionContext,
    actor: &Actor,
    slug: &AllianceSlug,
    what: OnDecline,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    catalogue::lock_alliance(&mut tx, slug).await?;
    let Some(before) = replies::usual_decline(&mut tx, slug).await? else { return Ok(false) };
    if before == what {
        return Ok(true);
    }
    replies::set_usual_decline(&mut tx, slug, what).await?;
    let change = Change {
        key: "on_decline".to_owned(),
        field: "When a calendar says no".to_owned(),
        values: Some((before.to_string(), what.to_string())),
    };
    let what = (AuditAction::AllianceKept, Subject::about(AuditedRecord::Alliance(slug.clone())));
    record_changes(ctx, &mut tx, actor, what, (Some(slug.to_string()), vec![change])).await?;
    tx.commit().await?;
    Ok(true)
}
