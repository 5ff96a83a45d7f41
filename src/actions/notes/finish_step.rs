//! Saying that what was to be done next is done.

use super::subject;
use crate::{
    actions::{ActionContext, record::record},
    domain::{
        audit::{Actor, AuditAction},
        id::NoteId,
        staff::StaffMember,
    },
    store::{StoreError, office_notes},
};

/// Marks a step as done by whoever did it; whether it was still to be done.
///
/// # Errors
/// [`StoreError`], in which case it is still to be done.
pub async fn finish_step(
    ctx: &ActionContext,
    member: &StaffMember,
    id: NoteId,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(note) = office_notes::find(&mut tx, id).await? else { return Ok(false) };
    if !office_notes::finish(&mut tx, id, &member.login, ctx.now()).await? {
        return Ok(false);
    }
    let (actor, action) = (Actor::Staff(member.login.clone()), AuditAction::NextStepDone);
    let subject = subject(&mut tx, &note.about).await?;
    record(ctx, &mut tx, &actor, action, subject, None).await?;
    tx.commit().await?;
    Ok(true)
}
