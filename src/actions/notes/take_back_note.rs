//! Taking a note back: its words are gone, and the log says that there was one.

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

/// Takes a note back, if it is this author's; whether it was there.
///
/// # Errors
/// [`StoreError`], in which case it stays.
pub async fn take_back_note(
    ctx: &ActionContext,
    author: &StaffMember,
    id: NoteId,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(note) = office_notes::find(&mut tx, id).await? else { return Ok(false) };
    if !office_notes::take_back(&mut tx, id, &author.login).await? {
        return Ok(false);
    }
    let (actor, action) = (Actor::Staff(author.login.clone()), AuditAction::NoteTakenBack);
    let subject = subject(&mut tx, &note.about).await?;
    record(ctx, &mut tx, &actor, action, subject, None).await?;
    tx.commit().await?;
    Ok(true)
}
