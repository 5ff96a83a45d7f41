//! Changes that follow each other are told together (T3): news of a session waits a little for what
//! changes next, unless its people may be on their way.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    actions::ActionContext,
    domain::{
        announcement::{Announcement, News},
        gathering::gathered,
        id::SittingId,
        session::Session,
    },
    store::{StoreError, Tx, gathering, sessions},
};

/// How long before a day its people may be on their way.
const SOON: Duration = Duration::hours(2);

/// Whether a day of a session is so near, or has so lately begun, that nothing about it may wait.
pub(in crate::actions) fn is_near(ctx: &ActionContext, session: &Session) -> bool {
    let now = ctx.now();
    session.sittings.iter().any(|day| day.starts_at <= now + SOON && day.ends_at > now)
}

/// News with what was still to be told before it, and when it leaves: at once, if never; `None` if
/// everything is again as people know it.
pub(super) async fn gather(
    ctx: &ActionContext,
    tx: &mut Tx,
    announcement: &Announcement,
) -> Result<Option<(Announcement, Option<DateTime<Utc>>)>, StoreError> {
    let now = ctx.now();
    let earlier = gathering::take(tx, &announcement.session, now).await?;
    let mut announcement = announcement.clone();
    if let News::Changed { sittings, words } = &mut announcement.news {
        *words = gathered(&earlier.words, words);
        // What was said of each change is kept, in its order.
        let mut said = earlier.said;
        said.extend(
            announcement.said.drain(..).filter(|one| !said.contains(one)).collect::<Vec<_>>(),
        );
        announcement.said = said;
        for day in earlier.sittings.into_iter().map(SittingId::new) {
            if !sittings.contains(&day) {
                sittings.push(day);
            }
        }
        if words.is_empty() && !earlier.words.is_empty() {
            return Ok(None);
        }
    }
    let session = sessions::find(tx, &announcement.session).await?;
    let is_near = session.is_some_and(|session| is_near(ctx, &session));
    let waits = !(ctx.gather.is_zero() || is_near);
    Ok(Some((announcement, waits.then(|| earlier.leaves_at.unwrap_or(now + ctx.gather)))))
}

/// Lets news leave at once, since it is about a day that was near.
pub(super) async fn hurry(tx: &mut Tx, id: Uuid) -> Result<(), StoreError> {
    gathering::set_leaves_at(tx, id, None).await
}
