//! Links to what is held about somebody, by the hash of their token. They are few: each is gone after a day.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx};
use crate::{domain::id::PersonId, token::TokenHash};

statements! {
    INSERT =
        "insert into data_links (token_hash, person, created_at, expires_at) values ($1, $2, $3, $4)";

    FIND: Uuid = "select person from data_links where token_hash = $1 and expires_at > $2";

    SWEEP = "delete from data_links where expires_at <= $1";
}

/// Adds a link that is good until `until`; those that are good no more go.
pub async fn insert(
    tx: &mut Tx,
    hash: TokenHash,
    person: PersonId,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), StoreError> {
    sweep(tx, now).await?;
    INSERT.run(tx, (&hash.0[..], person.uuid(), now, until)).await?;
    Ok(())
}

/// About whom a link is that is good at `now`.
pub async fn find(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<PersonId>, StoreError> {
    Ok(FIND.optional_value(conn, (&hash.0[..], now)).await?.map(PersonId::new))
}

/// Forgets the links that are good no more.
pub async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    SWEEP.run(tx, [now]).await
}
