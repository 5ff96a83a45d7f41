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
    store::session_plans,
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
    session_plans::discard_draft(&mut tx, code).await?;
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    record(ctx, &mut tx, actor, AuditAction::SessionDiscarded, subject, None).await?;
    tx.commit().await?;
    Ok(())
}
