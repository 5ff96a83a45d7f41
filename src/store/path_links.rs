//! Links to somebody's path, by the hash of their token.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx};
use crate::{
    domain::{id::PersonId, retention::LINKS_LAST},
    token::TokenHash,
};

statements! {
    INSERT = "insert into path_links (token_hash, person, created_at) values ($1, $2, $3)";

    /// The link of a letter gets its secret when the letter leaves.
    COPY = {
        sqlite: "insert into path_links (token_hash, person, created_at, ended_at)
            select unhex(j.value ->> 'token'), l.person, l.created_at, l.ended_at
            from json_each($1) j join path_links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into path_links (token_hash, person, created_at, ended_at)
            select decode(j.token, 'hex'), l.person, l.created_at, l.ended_at
            from json_to_recordset($1::json) as j(stand_in text, token text)
            join path_links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

    /// As long as she is on a path, and for a while after it ended (P6).
    FIND: Uuid =
        "select l.person from path_links l
         where l.token_hash = $1 and l.ended_at is null
           and exists (select 1 from path_people m where m.person = l.person
                       and (m.ended_at is null or m.ended_at > $2)
                       and (m.finished_at is null or m.finished_at > $2))";

    END = "update path_links set ended_at = $2 where person = $1 and ended_at is null";

    COUNT: i64 = "select count(*) from path_links where person = $1 and ended_at is null";

    FORGET = "delete from path_links where person = $1";

    SWEEP =
        "delete from path_links where ended_at <= $1
            or not exists (select 1 from path_people m where m.person = path_links.person
                           and (m.ended_at is null or m.ended_at > $1)
                           and (m.finished_at is null or m.finished_at > $1))",
        reads_all: "once an hour, the links of whoever is on a path";
}

/// Adds a link.
pub async fn insert(
    tx: &mut Tx,
    hash: TokenHash,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    INSERT.run(tx, (&hash.0[..], person.uuid(), now)).await?;
    Ok(())
}

/// Makes links that open what others do, from the JSON of [`super::links::copy`].
pub(super) async fn copy(tx: &mut Tx, copies: &str) -> Result<(), StoreError> {
    COPY.later(tx, [copies]).await
}

/// Whose path a link opens at `now`.
pub async fn find(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<PersonId>, StoreError> {
    let found = FIND.optional_value(conn, (&hash.0[..], now - LINKS_LAST)).await?;
    Ok(found.map(PersonId::new))
}

/// Ends all of somebody's; how many there were.
pub async fn end(tx: &mut Tx, person: PersonId, now: DateTime<Utc>) -> Result<u64, StoreError> {
    END.run(tx, (person.uuid(), now)).await
}

/// How many links of somebody open something, as far as they were not ended.
pub async fn count(conn: &mut Conn, person: PersonId) -> Result<i64, StoreError> {
    COUNT.value(conn, [person.uuid()]).await
}

/// Forgets somebody's.
pub(super) async fn forget(tx: &mut Tx, person: Uuid) -> Result<(), StoreError> {
    FORGET.run(tx, [person]).await?;
    Ok(())
}

/// Forgets links that open nothing any more.
pub(super) async fn sweep(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    SWEEP.run(tx, [before]).await
}
