//! The stamps of events in feeds (C8): SEQUENCE, LAST-MODIFIED, DTSTAMP and HTTP's Last-Modified follow
//! a hash of what each event says, so that whatever changes it raises them.
//!
//! A verb that may change what feeds show stamps before it does, so that what was never looked at is
//! known, and again before it commits.

use chrono::Duration;

use crate::{
    actions::ActionContext,
    calendar::feed,
    domain::{id::SessionCode, session::Session, stamp::Stamped},
    store::{Conn, StoreError, Tx, invitations, removed_days, sessions, stamps},
};

/// How long after its end a session is in feeds, and a little more.
const SHOWN: Duration = Duration::days(62);

/// Stamps the days of one session.
pub(in crate::actions) async fn stamp(
    ctx: &ActionContext,
    tx: &mut Tx,
    code: &SessionCode,
) -> Result<(), StoreError> {
    let Some(session) = sessions::find(tx, code).await? else { return Ok(()) };
    let new = unstamped(ctx, tx, &session).await?;
    stamps::write(tx, &new).await
}

/// Stamps the days of all sessions in feeds that `is_one`.
pub(in crate::actions) async fn stamp_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    is_one: impl Fn(&Session) -> bool,
) -> Result<(), StoreError> {
    for session in
        sessions::ending_after(tx, ctx.now() - SHOWN).await?.iter().filter(|one| is_one(one))
    {
        let new = unstamped(ctx, tx, session).await?;
        stamps::write(tx, &new).await?;
    }
    Ok(())
}

/// Stamps what the settings changed, such as the address of the site, and what nobody has looked at,
/// such as what an import brought; and says who invited, where that was not kept yet.
///
/// # Errors
/// [`StoreError`]; what was stamped before it stays stamped.
pub async fn stamp_everything(ctx: &ActionContext) -> Result<(), StoreError> {
    let mut conn = ctx.store.read().await?;
    let shown = sessions::ending_after(&mut conn, ctx.now() - SHOWN).await?;
    let mut stale = Vec::new();
    for session in &shown {
        if !unstamped(ctx, &mut conn, session).await?.is_empty() {
            stale.push(session.code.clone());
        }
    }
    drop(conn);
    let mut tx = ctx.store.begin().await?;
    invitations::keep_organizer(&mut tx, &ctx.publisher.organizer_email).await?;
    tx.commit().await?;
    for code in stale {
        let mut tx = ctx.store.begin().await?;
        stamp(ctx, &mut tx, &code).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The days of a session whose stamps do not say what feeds show, with those that do.
pub(in crate::actions) async fn unstamped(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
) -> Result<Vec<Stamped>, StoreError> {
    let known = stamps::of_session(conn, &session.code).await?;
    let removed = removed_days::of_session(conn, &session.code).await?;
    let standing = session.sittings.iter();
    let standing = standing.map(|one| (one.id, feed::mark(&ctx.publisher, session, one)));
    let gone = removed
        .iter()
        .map(|day| (day.sitting.id, feed::mark_of_removed(&ctx.publisher, session, day)));
    let seen = standing.chain(gone).filter_map(|(id, mark)| known.get(&id)?.seen(mark, ctx.now()));
    Ok(seen.collect())
}
