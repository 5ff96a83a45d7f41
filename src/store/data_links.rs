//! Links to what is held about somebody, by the hash of their token. They are few: each is gone after a day.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx};
use crate::{domain::id::PersonId, token::TokenHash};

statements! {
    INSERT =
        "insert into data_links (token_hash, person, created_at, expires_at) values ($1, $2, $3, $4)";

    /// The link of a letter gets its secret when the letter leaves.
    COPY = {
        sqlite: "insert into data_links (token_hash, person, created_at, expires_at)
            select unhex(j.value ->> 'token'), l.person, l.created_at, l.expires_at
            from json_each($1) j join data_links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into data_links (token_hash, person, created_at, expires_at)
            select decode(j.token, 'hex'), l.person, l.created_at, l.expires_at
            from json_to_recordset($1::json) as j(stand_in text, token text)
            join data_links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

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

/// Makes links that open what others do, from the JSON of [`super::links::copy`].
pub(super) async fn copy(tx: &mut Tx, copies: &str) -> Result<(), StoreError> {
    COPY.later(tx, [copies]).await
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
