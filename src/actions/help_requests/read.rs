//! Reading why somebody asks for help: written down, like needs (P1).

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::audit::{Actor, AuditAction},
    store::{StoreError, help_requests::HelpSeen},
};

/// Writes down that somebody of the office read it.
///
/// # Errors
/// [`StoreError`], in which case nothing is to be shown.
pub async fn note_help_read(
    ctx: &ActionContext,
    actor: &Actor,
    seen: &HelpSeen,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let subject = Subject {
        session: Some(seen.request.session.clone()),
        registration: Some(seen.registration),
        place: Some(seen.request.place),
        about: None,
    };
    record(ctx, &mut tx, actor, AuditAction::RosterRead, subject, None).await?;
    tx.commit().await
}
