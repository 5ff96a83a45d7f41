//! When a government moves its clocks, people still meet at the same wall time (C6): the instants of days
//! to come are derived again from the time zone database of this program, and calendars are told.

use super::{
    announce::{announce, tell_all},
    change_session::audit,
};
use crate::{
    actions::{ActionContext, calendars::stamp::stamp},
    domain::{
        announcement::{Announcement, News},
        audit::{Actor, AuditAction},
        id::SessionCode,
        session::Session,
        sitting::{Sitting, instants},
        wording,
    },
    store::{StoreError, session_changes, session_lock, sessions},
};

/// Derives the instants of days to come again, where the time zone database says otherwise than it
/// did; how many sessions that concerned. Those with a time that does not exist any more stay as they
/// are: `doctor` names them, and an organiser chooses another.
///
/// # Errors
/// [`StoreError`]; what was derived before it stays so.
pub async fn follow_zones(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let to_come = sessions::ending_after(&mut conn, ctx.now()).await?;
    drop(conn);
    let mut followed = 0;
    for session in to_come.iter().filter(|one| !moved(ctx, one).is_empty()) {
        followed += usize::from(follow(ctx, &session.code).await?);
    }
    Ok(followed)
}

/// The days of a session that have not begun, as they are now, where that is otherwise than it was.
fn moved(ctx: &ActionContext, session: &Session) -> Vec<Sitting> {
    let now = |sitting: &Sitting| {
        let (starts_at, ends_at) = instants(sitting.starts, sitting.ends, sitting.zone).ok()?;
        let is_as_it_was = (starts_at, ends_at) == (sitting.starts_at, sitting.ends_at);
        (!is_as_it_was).then(|| Sitting { starts_at, ends_at, ..sitting.clone() })
    };
    let to_come = session.sittings.iter().filter(|one| one.starts_at > ctx.now());
    to_come.filter_map(now).collect()
}

async fn follow(ctx: &ActionContext, code: &SessionCode) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { return Ok(false) };
    stamp(ctx, &mut locked, code).await?;
    let Some(session) = sessions::find(&mut locked, code).await? else { return Ok(false) };
    let days = moved(ctx, &session);
    if days.is_empty() {
        return Ok(false);
    }
    let mut words = Vec::new();
    for day in &days {
        session_changes::set_times(&mut locked, day).await?;
        words.push(format!(
            "The clocks of {} change otherwise than was known. It stays at {}",
            wording::zone(day.zone),
            wording::sitting(day)
        ));
    }
    stamp(ctx, &mut locked, code).await?;
    let (action, detail) = (AuditAction::SessionRescheduled, words.join("; "));
    audit(ctx, &mut locked, &Actor::Job, action, code, (detail, vec![])).await?;
    let news = News::Changed { sittings: vec![], words };
    let announcement =
        Announcement { session: code.clone(), news, to_leaders: false, said: vec![] };
    let (id, _) = announce(ctx, &mut locked, &announcement).await?;
    tx.commit().await?;
    tell_all(ctx, id).await;
    Ok(true)
}
