//! Letting people who wait pass others on the list: only with a reason, which stays in the log. Nobody's place
//! is given away: whoever is passed keeps her turn, one later.

use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, settle::offer_freed},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        place::PlaceStatus,
        text::Paragraph,
    },
    store::{
        StoreError,
        places::{self, Cause},
        queue, registrations,
    },
};

/// Why nobody was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveUpError {
    /// Nobody of this booking waits any more.
    #[error("nobody of this booking waits any more")]
    NobodyWaits,
    /// They stand there or further up: the list has moved meanwhile.
    #[error("they are number {0} by now")]
    NotUp(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lets a booking stand at `to`, from 1, on its session's list. Each that it passes stands one later.
///
/// # Errors
/// [`MoveUpError`], in which case nothing changed.
pub async fn move_up(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    to: usize,
    why: &Paragraph,
) -> Result<(), MoveUpError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock_settled(ctx, &mut tx, id).await?;
    let Opened { mut locked, session, registration } = opened.ok_or(MoveUpError::NobodyWaits)?;
    let waiters = queue::waiters(&mut locked, &session.code).await?;
    let at = waiters.iter().position(|one| one.registration == id);
    let (at, to) = (at.ok_or(MoveUpError::NobodyWaits)?, to.max(1) - 1);
    if to >= at {
        return Err(MoveUpError::NotUp(at + 1));
    }
    let cause = Cause { by: actor, at: ctx.now(), why: Some(why.as_str()) };
    // She takes the first of their numbers, and each of the others that of whoever stood behind it.
    let others = &waiters[to..at];
    let mut turns = vec![(id, others[0].queue)];
    let later = waiters[to + 1..=at].iter().map(|one| one.queue);
    turns.extend(others.iter().map(|one| one.registration).zip(later));
    for (one, queue) in turns {
        let Some(mut moved) = registrations::find(&mut locked, one).await? else { continue };
        let waiting = moved.places_in_mut(PlaceStatus::Waiting);
        let moves = waiting.map(|place| place.waits_at(queue)).collect::<Result<Vec<_>, _>>();
        let cause = if one == id { cause } else { Cause { why: None, ..cause } };
        places::set_states(&mut locked, &moves.map_err(StoreError::from)?, cause).await?;
    }
    let detail = Some(format!("from {} to {}: {}", at + 1, to + 1, why.as_str()));
    record(ctx, &mut locked, actor, AuditAction::MovedUp, Subject::of(&registration), detail)
        .await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(())
}
