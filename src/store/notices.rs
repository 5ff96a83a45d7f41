//! What the program noticed of how it is run.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx};

statements! {
    ADD = "insert into notices (name, since) values ($1, $2) on conflict (name) do nothing";

    FORGET = "delete from notices where name = $1";

    SINCE: DateTime<Utc> = "select since from notices where name = $1";
}

/// A proxy hands requests on, and nobody said which header names the visitor.
pub const PROXY: &str = "proxy";

/// Writes down what was noticed, the first time.
pub async fn add(tx: &mut Tx, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    ADD.run(tx, (name, now)).await?;
    Ok(())
}

/// Forgets what is not so any more.
pub async fn forget(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    FORGET.run(tx, [name]).await?;
    Ok(())
}

/// Since when something is noticed, if it is.
pub async fn since(conn: &mut Conn, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    SINCE.optional_value(conn, [name]).await
}
