//! Noting something, or what is to be done next.

use chrono::NaiveDate;

use super::subject;
use crate::{
    actions::{
        ActionContext,
        attempt::{made, made_before},
        record::record,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{NoteId, StaffLogin},
        office_note::{NextStep, NoteAbout, OfficeNote},
        staff::StaffMember,
        text::Paragraph,
    },
    store::{StoreError, office_notes},
    token::{Attempt, row_id},
};

/// What is noted.
#[derive(Debug, Clone)]
pub struct Noted {
    /// What about.
    pub about: NoteAbout,
    /// Its words.
    pub body: Paragraph,
    /// Whose it is to do, and by when, where it is a next step.
    pub step: Option<(StaffLogin, Option<NaiveDate>)>,
}

/// Writes a note down; the same attempt sent twice writes one (V3).
///
/// # Errors
/// [`StoreError`], in which case nothing is noted.
pub async fn write_note(
    ctx: &ActionContext,
    author: &StaffMember,
    noted: Noted,
    attempt: Option<&Attempt>,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if made_before(ctx, &mut tx, "note", attempt).await?.is_some() {
        return Ok(());
    }
    let note = OfficeNote {
        id: NoteId::new(row_id(&*ctx.random, &*ctx.clock)),
        about: noted.about,
        author: author.login.clone(),
        body: noted.body,
        written_at: ctx.now(),
        step: noted.step.map(|(whose, by)| NextStep { whose, by, done: None }),
    };
    office_notes::insert(&mut tx, &note).await?;
    let (actor, action) = (Actor::Staff(author.login.clone()), AuditAction::NoteWritten);
    let subject = subject(&mut tx, &note.about).await?;
    record(ctx, &mut tx, &actor, action, subject, None).await?;
    made(&mut tx, attempt, &note.id.to_string()).await?;
    tx.commit().await
}
