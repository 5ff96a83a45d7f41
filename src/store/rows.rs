//! Many rows in one statement: they go to the database as one JSON text, which SQLite takes apart
//! with `json_each` and PostgreSQL with `json_to_recordset`. One statement for a team of six costs
//! hardly more than for one person; one statement for each would cost six times as much.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::StoreError;

/// The rows as one JSON text.
pub(super) fn json<T: Serialize>(rows: &[T]) -> Result<String, StoreError> {
    let failed = |error| StoreError::Failed(sqlx::Error::Encode(Box::new(error)));
    serde_json::to_string(rows).map_err(failed)
}

/// A key as PostgreSQL reads a UUID, and SQLite's `unhex` a blob.
pub(super) fn key(id: Uuid) -> String {
    id.simple().to_string()
}

/// Bytes, for `unhex` and `decode(…, 'hex')`.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of the key of an attempt. Whoever has the key of a booking and sends the same again is
/// answered as whoever booked, with a private link; so only its digest is. The key of a line in a file
/// opens nothing, and is exported again.
pub(super) fn attempt(key: &str) -> String {
    if key.starts_with("import:") || key.starts_with(DIGEST) {
        return key.to_owned();
    }
    format!("{DIGEST}{}", hex(&Sha256::digest(key.as_bytes())))
}

/// What the digest of an attempt begins with. No key a caller may choose does.
const DIGEST: &str = "sha256:";

/// A moment in the very text that sqlx gives SQLite, so that moments compare as texts.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_bytes_are_plain_hexadecimal() {
        let id = Uuid::from_u128(0xab);
        assert_eq!(key(id), "000000000000000000000000000000ab");
        assert_eq!(hex(&[0, 0xab, 0xff]), "00abff");
    }

    #[tokio::test]
    async fn a_moment_is_written_as_sqlx_writes_it() {
        use sqlx::{Connection, SqliteConnection};
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.expect("a database");
        for text in
            ["2027-01-02T10:00:00Z", "2027-01-02T10:00:00.5Z", "2027-01-02T10:00:00.000001Z"]
        {
            let at: DateTime<Utc> = text.parse().expect("a moment");
            let query = sqlx::query_scalar::<_, String>("select $1").bind(at);
            assert_eq!(query.fetch_one(&mut conn).await.expect("a text"), moment(at));
        }
    }
}
