//! Attempts to make something (V3): what each made, so that sending a form twice makes one. Which of
//! two that arrive at once is the second, the primary key decides.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx};
use crate::token::Attempt;

statements! {
    CLAIM = "insert into attempts (digest, kind, made, at) values ($1, $2, '', $3)
        on conflict (digest) do nothing";

    MADE: String = "select made from attempts where digest = $1";

    SAVE = "update attempts set made = $2 where digest = $1";

    FORGET = "delete from attempts where at < $1";
}

/// Claims an attempt to make something of a kind; what it made, if it was made before.
pub async fn claim(
    tx: &mut Tx,
    attempt: &Attempt,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    if CLAIM.run(tx, (&attempt.0[..], kind, now)).await? == 1 {
        return Ok(None);
    }
    MADE.optional_value(tx, [&attempt.0[..]]).await
}

/// What an attempt made, if it made something.
pub async fn made(conn: &mut Conn, attempt: &Attempt) -> Result<Option<String>, StoreError> {
    MADE.optional_value(conn, [&attempt.0[..]]).await
}

/// Writes what a claimed attempt made.
pub async fn save(tx: &mut Tx, attempt: &Attempt, made: &str) -> Result<(), StoreError> {
    SAVE.run(tx, (&attempt.0[..], made)).await?;
    Ok(())
}

/// Forgets attempts from before `moment`; how many.
pub async fn forget(tx: &mut Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [moment]).await
}
