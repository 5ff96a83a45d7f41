//! Counting who came to what, apart from whatever changed it.

use crate::{
    actions::ActionContext,
    store::{StoreError, turnout_counts},
};

/// How many sessions are looked for at once; each is counted in a transaction of its own, so that nobody waits.
const BATCH: i64 = 50;

/// Counts sessions whose turnout changed since it was counted; whether there may be more. One that changes
/// meanwhile is left for the next time.
///
/// # Errors
/// [`StoreError`]; what was counted before stays counted.
pub async fn count_turnout(ctx: &ActionContext) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    let uncounted = turnout_counts::uncounted(&mut conn, BATCH).await?;
    drop(conn);
    let mut counted = 0;
    for (session, changes) in &uncounted {
        let mut tx = ctx.store.begin().await?;
        if turnout_counts::count(&mut tx, session, *changes).await? {
            tx.commit().await?;
            counted += 1;
        }
    }
    // Where none could be, whoever writes now is left alone until the next turn.
    Ok(counted > 0 && i64::try_from(uncounted.len()).is_ok_and(|found| found == BATCH))
}
