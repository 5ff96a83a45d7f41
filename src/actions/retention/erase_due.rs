//! Everything that is due by the table is erased or made anonymous (P1, P5): by one piece of work that can be
//! done twice, by several nodes, and be cut short. It writes a little at a time, so that nobody who books waits.

use uuid::Uuid;

use crate::{
    actions::ActionContext,
    domain::{id::SessionCode, retention::Kind},
    store::{
        StoreError, asked_retention, erased_staff, erasure,
        retention::{self, Lines},
        session_lock,
    },
    token::secret_uuid,
};

/// How many lines one transaction writes at most.
const BATCH: i64 = 200;

/// How many bookings, each with its places, invites and links.
const BOOKINGS: i64 = 50;

/// Erases what is due; how many lines it was.
///
/// # Errors
/// [`StoreError`]; what was erased before stays erased.
pub async fn erase_due(ctx: &ActionContext) -> Result<u64, StoreError> {
    let mut erased = 0;
    let (log, others) = (retention::BATCHES - 1, 0..retention::BATCHES - 1);
    for which in others {
        erased += erase_batches(ctx, which).await?;
    }
    for lines in [Lines::Expired, Lines::Unfinished, Lines::Messages, Lines::People] {
        loop {
            let done = erase_lines(ctx, lines).await?;
            erased += done;
            if done == 0 {
                break;
            }
        }
    }
    erased += erase_names(ctx).await?;
    // The log of a booking stays as long as its names do: they are gone by now.
    erased += erase_batches(ctx, log).await?;
    erased += forget_staff(ctx).await?;
    erased += erase_sent(ctx).await?;
    let mut tx = ctx.store.begin().await?;
    erased += retention::sweep(&mut tx, ctx.controller.retention, ctx.now()).await?;
    erased += asked_retention::sweep(&mut tx, ctx.controller.retention, ctx.now()).await?;
    tx.commit().await?;
    ctx.store.empty_log().await?;
    Ok(erased)
}

/// Erases the lines of one kind, a batch at a time.
async fn erase_batches(ctx: &ActionContext, which: usize) -> Result<u64, StoreError> {
    let mut erased = 0;
    loop {
        let mut tx = ctx.store.begin().await?;
        let rule = ctx.controller.retention;
        let done = retention::batch(&mut tx, which, rule, ctx.now(), BATCH).await?;
        tx.commit().await?;
        erased += done;
        if done == 0 {
            return Ok(erased);
        }
    }
}

/// Erases letters about people who were erased meanwhile, once they have left.
///
/// # Errors
/// [`StoreError`], in which case none was.
pub async fn erase_sent(ctx: &ActionContext) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let erased = retention::sent(&mut tx, ctx.now()).await?;
    tx.commit().await?;
    Ok(erased)
}

/// Accounts that were closed long ago. A login is made of a name, so it becomes another.
async fn forget_staff(ctx: &ActionContext) -> Result<u64, StoreError> {
    let before = ctx.controller.retention.rule(Kind::Staff).due(ctx.now());
    let mut conn = ctx.store.read().await?;
    let due = retention::staff_due(&mut conn, before).await?;
    drop(conn);
    for login in &due {
        let mut tx = ctx.store.begin().await?;
        let other = format!("removed-{}", secret_uuid(&*ctx.random).simple());
        erased_staff::account(&mut tx, login, &other, ctx.now()).await?;
        tx.commit().await?;
    }
    Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
}

fn count(ids: &[Uuid]) -> u64 {
    u64::try_from(ids.len()).unwrap_or(u64::MAX)
}

/// One batch of lines whose parts stand in several tables. What is due is looked for in the transaction
/// that erases it: another node may have been quicker.
async fn erase_lines(ctx: &ActionContext, lines: Lines) -> Result<u64, StoreError> {
    let (now, rules) = (ctx.now(), ctx.controller.retention);
    let mut conn = ctx.store.read().await?;
    if retention::due(&mut conn, lines, (rules, now), 1).await?.is_empty() {
        return Ok(0);
    }
    drop(conn);
    let mut tx = ctx.store.begin().await?;
    let mut ids = retention::due(&mut tx, lines, (rules, now), BATCH).await?;
    // Always in the same order, so that two nodes never wait for each other.
    ids.sort_unstable();
    match lines {
        Lines::Expired => erasure::places(&mut tx, &ids, now).await?,
        Lines::Unfinished => erasure::leaders(&mut tx, &ids, now).await?,
        Lines::Messages => erasure::messages(&mut tx, &ids, now).await?,
        Lines::People => {
            for id in &ids {
                erasure::person(&mut tx, *id, now).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(count(&ids))
}

/// The names of sessions that were long ago.
async fn erase_names(ctx: &ActionContext) -> Result<u64, StoreError> {
    let before = ctx.controller.retention.rule(Kind::Names).due(ctx.now());
    let mut conn = ctx.store.read().await?;
    let [booked, walked_in] = retention::sessions_due(&mut conn, before).await?;
    drop(conn);
    let mut erased = 0;
    for code in booked {
        loop {
            let done = erase_bookings(ctx, &code).await?;
            erased += done;
            if done == 0 {
                break;
            }
        }
    }
    for code in walked_in {
        let mut tx = ctx.store.begin().await?;
        if session_lock::lock(&mut tx, &code).await?.is_some() {
            erased += erasure::walk_ins(&mut tx, &code, ctx.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(erased)
}

/// The names of some bookings of a session.
async fn erase_bookings(ctx: &ActionContext, code: &SessionCode) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { return Ok(0) };
    let ids = erasure::unerased(&mut locked, code, BOOKINGS).await?;
    let places = erasure::places_of(&mut locked, &ids).await?;
    erasure::places(&mut locked, &places, ctx.now()).await?;
    erasure::leaders(&mut locked, &ids, ctx.now()).await?;
    tx.commit().await?;
    Ok(count(&ids))
}
