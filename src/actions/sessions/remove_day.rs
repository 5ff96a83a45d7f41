//! Taking a day off a session that people may have booked: they keep their places on the others.

use super::{
    announce::{announce, tell_all},
    change_session::{ChangeSessionError, audit, lock, open},
};
use crate::{
    actions::{ActionContext, calendars::stamp::stamp},
    domain::{
        announcement::{Announcement, News, Told},
        audit::{Actor, AuditAction},
        id::{SessionCode, SittingId},
        wording,
    },
    store::{removed_days, session_changes},
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
    let mut tx = ctx.store.begin().await?;
    let mut locked = lock(&mut tx, code).await?;
    let session = open(ctx, &mut locked).await?;
    let sitting = session.sittings.iter().find(|one| one.id == day);
    let sitting = sitting.ok_or(ChangeSessionError::NothingChanged)?;
    if removed_days::is_attended(&mut locked, day).await? {
        return Err(ChangeSessionError::DayAttended(sitting.number));
    }
    if sitting.starts_at <= ctx.now() {
        return Err(ChangeSessionError::DayHasBegun(sitting.number));
    }
    if session.sittings.len() == 1 {
        return Err(ChangeSessionError::OnlyDay);
    }
    removed_days::remove(&mut locked, code, (sitting, &session.sittings), ctx.now()).await?;
    let mut others = session.sittings.clone();
    others.retain(|one| one.id != day);
    let dates = session.dates_with(&others, ctx.now());
    session_changes::set_dates(&mut locked, code, &dates).await?;
    stamp(ctx, &mut locked, code).await?;
    let words = vec![format!("A day less: {} does not take place", wording::sitting(sitting))];
    let (action, detail) = (AuditAction::SessionRescheduled, words.join("; "));
    audit(ctx, &mut locked, actor, action, code, (detail, vec![])).await?;
    let news = News::Changed { sittings: vec![], words };
    let announcement = Announcement { session: code.clone(), news, to_leaders: true };
    let (id, told) = announce(ctx, &mut locked, &announcement).await?;
    tx.commit().await?;
    tell_all(ctx, id).await;
    Ok(told)
}
