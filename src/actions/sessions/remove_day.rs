//! Taking a day off a session that people may have booked: they keep their places on the others.

use super::{
    change_session::{ChangeSessionError, audit},
    tell_change::{SessionChange, change_and_tell},
};
use crate::{
    actions::{ActionContext, calendars::stamp::stamp},
    domain::{
        announcement::{News, Told},
        audit::{Actor, AuditAction},
        id::{SessionCode, SittingId},
        session::Session,
        wording,
    },
    store::{removed_days, session_changes, session_lock::Locked},
};

/// Takes a day off. Calendars take it out, feeds show it as cancelled for a while, and the days after
/// it move up by one.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed: among others, a day that has begun, or at
/// whose door somebody was seen, stays.
pub async fn remove_day(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    day: SittingId,
) -> Result<Told, ChangeSessionError> {
    change_and_tell(ctx, actor, code, &SessionChange::DayOff(day), (None, None)).await
}

/// The session without a day, within a transaction that tells of it.
pub(super) async fn day_off(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    (session, day): (&Session, SittingId),
) -> Result<News, ChangeSessionError> {
    let sitting = session.sittings.iter().find(|one| one.id == day);
    let sitting = sitting.ok_or(ChangeSessionError::NothingChanged)?;
    if removed_days::is_attended(locked, day).await? {
        return Err(ChangeSessionError::DayAttended(sitting.number));
    }
    if sitting.starts_at <= ctx.now() {
        return Err(ChangeSessionError::DayHasBegun(sitting.number));
    }
    if session.sittings.len() == 1 {
        return Err(ChangeSessionError::OnlyDay);
    }
    let code = &session.code;
    removed_days::remove(locked, code, (sitting, &session.sittings), ctx.now()).await?;
    let mut others = session.sittings.clone();
    others.retain(|one| one.id != day);
    let dates = session.dates_with(&others, ctx.now());
    session_changes::set_dates(locked, code, &dates).await?;
    stamp(ctx, locked, code).await?;
    let words = vec![format!("A day less: {} does not take place", wording::sitting(sitting))];
    let (action, detail) = (AuditAction::SessionRescheduled, words.join("; "));
    audit(ctx, locked, actor, action, code, (detail, vec![])).await?;
    Ok(News::Changed { sittings: vec![], words })
}
