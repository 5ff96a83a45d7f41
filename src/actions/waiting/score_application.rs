//! A reader says what she thinks of an application: for the other readers, never for the applicant.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        application::Score,
        audit::{Actor, AuditAction},
        id::StaffLogin,
        registration::Registration,
    },
    store::{StoreError, applications},
};

/// Keeps what a reader thinks, in the stead of what she thought before; nothing takes it back.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn score_application(
    ctx: &ActionContext,
    reader: &StaffLogin,
    booking: &Registration,
    score: Option<&Score>,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let of = (booking.id, &booking.session);
    applications::score(&mut tx, of, reader, score, ctx.now()).await?;
    let (actor, subject) = (Actor::Staff(reader.clone()), Subject::of(booking));
    record(ctx, &mut tx, &actor, AuditAction::ApplicationScored, subject, None).await?;
    tx.commit().await
}
