//! A place that its attendee's calendar declined: released after a while, or kept (C2).

use crate::{
    actions::{
        ActionContext,
        booking::cancel_places::{CancelError, Which, cancel_opened},
        calendars::{reconcile::Telling, take_reply::is_declined},
        places::opened::Opened,
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        difference::Decided,
        id::PlaceId,
        reply::morning_after,
        text::Paragraph,
    },
    store::{StoreError, gathering, places, replies},
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
    for (place, registration, _) in due {
        let mut tx = ctx.store.begin().await?;
        let Some(mut opened) = Opened::lock(&mut tx, registration).await? else { continue };
        let still = replies::release_at(&mut opened.locked, place).await?;
        if still.is_none_or(|at| at > ctx.now()) {
            continue;
        }
        // The program may have stood still until the night (C10).
        if morning_after(ctx.now(), opened.session.zone()).is_some() {
            continue;
        }
        // She may not have heard yet of what changed: it asks her anew (T3).
        let session = &opened.session;
        if gathering::leaves_at(&mut opened.locked, &session.code, ctx.now()).await?.is_some() {
            continue;
        }
        replies::set_release(&mut opened.locked, place, None).await?;
        if !is_declined(ctx, &mut opened.locked, session, place).await? {
            tx.commit().await?;
            continue;
        }
        let (by, which) = (Actor::Calendar, Which::One(place));
        match cancel_opened(ctx, opened, &by, which, why.as_ref()).await {
            Ok(gone) => released += gone.len(),
            // She came after all, or it is over: the place is hers, and is not looked at again.
            Err(CancelError::Settled(_) | CancelError::SomebodyElse(_)) => {}
            Err(CancelError::Store(error)) => return Err(error),
        }
        tx.commit().await?;
    }
    Ok(released)
}

/// Keeps a declined place; `false` if it was not about to be released, or is gone. Her calendar has
/// thrown the day away: it gets a fresh invite.
pub async fn keep_place(ctx: &ActionContext, place: PlaceId) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(owner) = places::registration_of(&mut tx, place).await? else { return Ok(false) };
    let Some(opened) = Opened::lock(&mut tx, owner).await? else { return Ok(false) };
    let Opened { mut locked, session, registration } = opened;
    if replies::release_at(&mut locked, place).await?.is_none() {
        return Ok(false);
    }
    replies::keep(&mut locked, place, ctx.now()).await?;
    let decided = Decided { again: Some(place), ..Decided::default() };
    let telling = Telling { decided, ..Telling::changed(&[]) };
    let mut out = Outgoing::default();
    out.reconcile_stored(ctx, &mut locked, (&session, &registration), telling).await?;
    out.write(ctx, &mut locked).await?;
    let subject = Subject { place: Some(place), ..Subject::of(&registration) };
    record(ctx, &mut locked, &Actor::Attendee, AuditAction::PlaceKept, subject, None).await?;
    tx.commit().await?;
    Ok(true)
}
