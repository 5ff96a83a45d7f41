//! Whether the database takes writes and gives answers, seen by doing both.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx};

statements! {
    BEAT = "insert into heartbeats (node, at, ballast) values ($1, $2, $3)
        on conflict (node) do update set at = excluded.at, ballast = excluded.ballast";

    FORGET = "delete from heartbeats where at < $1";

    BEATS: i64 = "select count(*) from heartbeats where node = $1";
}

/// Writes that a process lives, with so much beside it, and forgets those that beat last before
/// `gone`.
pub async fn beat(
    tx: &mut Tx,
    node: Uuid,
    ballast: &[u8],
    (now, gone): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), StoreError> {
    BEAT.run(tx, (node, now, ballast)).await?;
    FORGET.run(tx, [gone]).await?;
    Ok(())
}

/// Reads whether a process wrote that it lives.
pub async fn has_beaten(conn: &mut Conn, node: Uuid) -> Result<bool, StoreError> {
    Ok(BEATS.value(conn, [node]).await? > 0)
}
