//! Throwing a draft away. Nobody has seen it, so there is nobody to tell and nothing to keep.

use super::plan_session::{PlanError, locked_draft};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::SessionCode,
    },
    store::{StoreError, Tx, session_plans},
};

/// Deletes a draft.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn discard_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
) -> Result<(), PlanError> {
    let mut tx = ctx.store.begin().await?;
    locked_draft(&mut tx, code).await?;
    discard_in(ctx, &mut tx, actor, code).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes a draft that is locked, in a transaction that does more.
pub(in crate::actions) async fn discard_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
) -> Result<(), StoreError> {
    session_plans::discard_draft(tx, code).await?;
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    record(ctx, tx, actor, AuditAction::SessionDiscarded, subject, None).await
}
