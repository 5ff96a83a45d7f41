//! Keeping places of a session for a group until a moment, and releasing them to everybody before it.

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        places::settle::{offer_freed, settled},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{ReserveId, SessionCode, StaffLogin},
        reserve::{Group, Reserve},
        session::Publication,
    },
    store::{StoreError, catalogue, institutions, reserves, session_lock, sessions},
    token::row_id,
};

/// Why no places are kept, or none were released.
#[derive(Debug, thiserror::Error)]
pub enum ReserveError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// It was called off, or booking has closed.
    #[error("booking has closed, so nothing is kept any more")]
    TooLate,
    /// There is no such group.
    #[error("choose a group from the list")]
    NoSuchGroup,
    /// So many are not there to be kept.
    #[error("only {free} places are free and not kept already")]
    TooMany {
        /// How many are.
        free: u32,
    },
    /// It ends before it begins, or after booking does.
    #[error("keep them until a moment to come, before booking closes")]
    Until,
    /// It was released already.
    #[error("these places were released already")]
    Released,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps places for a group until a moment. What people of the group have taken already counts.
///
/// # Errors
/// [`ReserveError`], in which case nothing changed.
pub async fn reserve_places(
    ctx: &ActionContext,
    by: &StaffLogin,
    code: &SessionCode,
    (group, places): (Group, u32),
    until: DateTime<Utc>,
) -> Result<(), ReserveError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(ReserveError::NoSuchSession)?;
    let (_, session) = settled(ctx, &mut locked).await?;
    let session = session.ok_or(ReserveError::NoSuchSession)?;
    let closes = session.closes_at().filter(|closes| *closes > ctx.now());
    let closes = closes.ok_or(ReserveError::TooLate)?;
    if matches!(session.publication, Publication::Cancelled { .. }) {
        return Err(ReserveError::TooLate);
    }
    if until <= ctx.now() || until > closes {
        return Err(ReserveError::Until);
    }
    let name = match &group {
        Group::Kind(kind) => kind.people().to_owned(),
        Group::Alliance(slug) => {
            let all = catalogue::alliances(&mut locked).await?;
            let found = all.into_iter().find(|one| one.slug == *slug);
            found.ok_or(ReserveError::NoSuchGroup)?.name
        }
        Group::Institution(code) => {
            let found = institutions::find(&mut locked, code).await?;
            found.ok_or(ReserveError::NoSuchGroup)?.name
        }
    };
    let id = ReserveId::new(row_id(&*ctx.random, &*ctx.clock));
    let detail = format!("{places} places for {group} until {}", until.to_rfc3339());
    let reserve = Reserve { id, group, name, places, unused: 0, until };
    let open = session.occupancy.open_to_all();
    if places == 0 || places > session.occupancy.capacity {
        return Err(ReserveError::TooMany { free: open });
    }
    reserves::insert(&mut locked, &reserve, by, ctx.now()).await?;
    let now = sessions::find(&mut locked, code).await?.ok_or(ReserveError::NoSuchSession)?;
    let kept: u32 = now.reserves.iter().map(|one| one.unused).sum();
    if kept > now.occupancy.free() {
        return Err(ReserveError::TooMany { free: open });
    }
    let actor = Actor::Staff(by.clone());
    let (action, subject) = (AuditAction::ReservesChanged, Subject::session(code));
    record(ctx, &mut locked, &actor, action, subject, Some(detail)).await?;
    tx.commit().await?;
    Ok(())
}

/// Releases places that are kept: they are everybody's, the waiting list first.
///
/// # Errors
/// [`ReserveError`], in which case nothing changed.
pub async fn release_places(
    ctx: &ActionContext,
    by: &StaffLogin,
    code: &SessionCode,
    id: ReserveId,
) -> Result<(), ReserveError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(ReserveError::NoSuchSession)?;
    let (_, session) = settled(ctx, &mut locked).await?;
    let session = session.ok_or(ReserveError::NoSuchSession)?;
    let known = session.reserves.into_iter().find(|one| one.id == id);
    let known = known.ok_or(ReserveError::Released)?;
    if !reserves::release(&mut locked, id, ctx.now()).await? {
        return Err(ReserveError::Released);
    }
    let actor = Actor::Staff(by.clone());
    let (action, subject) = (AuditAction::ReservesChanged, Subject::session(code));
    let detail = format!("released: {} places for {}", known.places, known.group);
    record(ctx, &mut locked, &actor, action, subject, Some(detail)).await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(())
}
