//! Making something once, however often its form is sent (V3). The verb asks first thing in its
//! transaction, and says at the end what it made.

use chrono::Duration;

use crate::{
    actions::ActionContext,
    store::{Conn, StoreError, Tx, attempts},
    token::Attempt,
};

/// How long an attempt is remembered: longer than anybody leaves a form open and sends it twice.
const MEMORY: Duration = Duration::days(30);

/// What this attempt made before, if it did; from now on nobody else makes it. Without an attempt
/// each sending makes something.
pub(super) async fn made_before(
    ctx: &ActionContext,
    tx: &mut Tx,
    kind: &str,
    attempt: Option<&Attempt>,
) -> Result<Option<String>, StoreError> {
    match attempt {
        Some(attempt) => attempts::claim(tx, attempt, kind, ctx.now()).await,
        None => Ok(None),
    }
}

/// Whether this attempt made something: then sending it again asks nothing anew.
///
/// # Errors
/// [`StoreError`].
pub async fn was_made(conn: &mut Conn, attempt: Option<&Attempt>) -> Result<bool, StoreError> {
    match attempt {
        Some(attempt) => Ok(attempts::made(conn, attempt).await?.is_some()),
        None => Ok(false),
    }
}

/// Remembers what this attempt made.
pub(super) async fn made(
    tx: &mut Tx,
    attempt: Option<&Attempt>,
    what: &str,
) -> Result<(), StoreError> {
    match attempt {
        Some(attempt) => attempts::save(tx, attempt, what).await,
        None => Ok(()),
    }
}

/// A key that an attempt made, as it was remembered.
pub(super) fn key<K: std::str::FromStr>(made: &str) -> Result<K, StoreError> {
    let corrupt =
        |_| StoreError::Corrupt { table: "attempts", column: "made", row: made.to_owned() };
    made.parse().map_err(corrupt)
}

/// Forgets attempts of long ago.
///
/// # Errors
/// [`StoreError`], in which case none was forgotten.
pub async fn forget_attempts(ctx: &ActionContext) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let forgotten = attempts::forget(&mut tx, ctx.now() - MEMORY).await?;
    tx.commit().await?;
    Ok(forgotten)
}
