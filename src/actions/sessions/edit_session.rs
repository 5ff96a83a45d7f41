//! What changes about a session without anybody being told.

use super::plan_session::PlanError;
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::SessionCode,
        plan::SessionDetails,
        session::Publication,
    },
    store::{session_lock, session_plans, sessions},
};

/// Changes a session's notes, trainers, limits, mode and booking times, draft or published.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn edit_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    details: &SessionDetails,
) -> Result<(), PlanError> {
    let mut tx = ctx.store.begin().await?;
    session_lock::lock(&mut tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    let session = sessions::find(&mut tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    if matches!(session.publication, Publication::Cancelled { .. }) {
        return Err(PlanError::NotADraft);
    }
    if details.places_per_booking == 0 || details.places_per_institution == Some(0) {
        return Err(PlanError::NoPlaces);
    }
    session_plans::set_details(&mut tx, code, details).await?;
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    record(ctx, &mut tx, actor, AuditAction::SessionEdited, subject, None).await?;
    tx.commit().await?;
    Ok(())
}
