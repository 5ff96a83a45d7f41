//! A place that its attendee's calendar declined: released after a while, or kept (C2).

use crate::{
    actions::{
        ActionContext,
        booking::cancel_places::{Which, cancel_locked},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::PlaceId,
        text::Paragraph,
    },
    store::{StoreError, places, registrations, replies, sessions},
};

/// Releases every declined place whose time for second thoughts is over, and offers it on in the
/// same transaction (W6); how many.
///
/// # Errors
/// [`StoreError`]; what was released before it stays released.
pub async fn release_declined(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let due = replies::due(&mut conn, ctx.now()).await?;
    drop(conn);
    let mut released = 0;
    let why = Paragraph::parse_optional("Declined in their calendar").ok().flatten();
    for (place, registration, session) in due {
        let mut tx = ctx.store.begin().await?;
        sessions::lock(&mut tx, &session).await?;
        let still = replies::release_at(&mut tx, place).await?;
        if still.is_none_or(|at| at > ctx.now()) {
            continue;
        }
        replies::set_release(&mut tx, place, None).await?;
        let (by, which) = (Actor::Calendar, Which::One(place));
        let gone = cancel_locked(ctx, &mut tx, &by, registration, which, why.as_ref()).await?;
        tx.commit().await?;
        released += gone.len();
    }
    Ok(released)
}

/// Keeps a declined place; `false` if it was not about to be released, or is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_place(ctx: &ActionContext, place: PlaceId) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(owner) = places::registration_of(&mut tx, place).await? else { return Ok(false) };
    let Some(registration) = registrations::find(&mut tx, owner).await? else { return Ok(false) };
    sessions::lock(&mut tx, &registration.session).await?;
    if replies::release_at(&mut tx, place).await?.is_none() {
        return Ok(false);
    }
    replies::keep(&mut tx, place, ctx.now()).await?;
    let subject = Subject {
        session: Some(registration.session),
        registration: Some(owner),
        place: Some(place),
    };
    record(ctx, &mut tx, &Actor::Attendee, AuditAction::PlaceKept, subject, None).await?;
    tx.commit().await?;
    Ok(true)
}
