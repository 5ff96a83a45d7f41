//! Which letters to many an address does not want, and the links by which its reader says so.

use chrono::{DateTime, Duration, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::parse,
    own_data::{Moment, at},
    rows,
};
use crate::{
    domain::{
        contact::EmailAddress,
        letter::Circular,
        own_data::{Record, record},
    },
    token::TokenHash,
};

/// For how long a link in a letter can be used: as long as the letter itself is kept.
const LINKS: Duration = Duration::days(365);

statements! {
    INSERT_LINK =
        "insert into stop_links (token_hash, address, kind, created_at) values ($1, $2, $3, $4)";

    /// The link of a letter gets its secret when the letter leaves.
    COPY = {
        sqlite: "insert into stop_links (token_hash, address, kind, created_at)
            select unhex(j.value ->> 'token'), l.address, l.kind, l.created_at
            from json_each($1) j join stop_links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into stop_links (token_hash, address, kind, created_at)
            select decode(j.token, 'hex'), l.address, l.kind, l.created_at
            from json_to_recordset($1::json) as j(stand_in text, token text)
            join stop_links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

    FIND: (String, String) = "select address, kind from stop_links where token_hash = $1";

    STOP = "insert into letter_stops (address, kind, stopped_at) values ($1, $2, $3)
        on conflict (address, kind) do nothing";

    RESUME = "delete from letter_stops where address = $1 and kind = $2";

    AMONG: String = {
        sqlite: "select address from letter_stops
            where kind = $2 and address in (select value from json_each($1))",
        postgres: "select address from letter_stops
            where kind = $2 and address = any(array(select json_array_elements_text($1::json)))",
    };

    OF_ADDRESS: (String, Moment) =
        "select kind, stopped_at from letter_stops where address = $1 order by kind";

    FORGET_STOPS = "delete from letter_stops where address = $1";

    FORGET_LINKS = "delete from stop_links where address = $1";

    SWEEP_LINKS = "delete from stop_links where created_at < $1";
}

/// Adds a link that stops one kind of letters to an address.
pub async fn insert_link(
    tx: &mut Tx,
    hash: TokenHash,
    (address, what): (&EmailAddress, Circular),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    INSERT_LINK.run(tx, (&hash.0[..], address.as_str(), what.as_str(), now)).await?;
    Ok(())
}

/// Makes links that open what others do, from the JSON of [`super::links::copy`].
pub(super) async fn copy(tx: &mut Tx, copies: &str) -> Result<(), StoreError> {
    COPY.later(tx, [copies]).await
}

/// Whose letters of which kind a link stops.
pub async fn find(
    conn: &mut Conn,
    hash: TokenHash,
) -> Result<Option<(EmailAddress, Circular)>, StoreError> {
    let Some((address, kind)) = FIND.optional(conn, [&hash.0[..]]).await? else { return Ok(None) };
    let kind = parse("stop_links", "kind", &kind, &kind)?;
    Ok(Some((EmailAddress::stored(&address), kind)))
}

/// Writes that an address wants no more letters of a kind; twice is as once.
pub async fn stop(
    tx: &mut Tx,
    (address, what): (&EmailAddress, Circular),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    STOP.run(tx, (address.as_str(), what.as_str(), now)).await?;
    Ok(())
}

/// Takes that back.
pub async fn resume(
    tx: &mut Tx,
    (address, what): (&EmailAddress, Circular),
) -> Result<(), StoreError> {
    RESUME.run(tx, (address.as_str(), what.as_str())).await?;
    Ok(())
}

/// Which of these addresses want no more letters of a kind.
pub async fn among(
    conn: &mut Conn,
    addresses: &[&EmailAddress],
    what: Circular,
) -> Result<Vec<EmailAddress>, StoreError> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let asked = addresses.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    let stopped = AMONG.values(conn, (rows::json(&asked)?, what.as_str())).await?;
    Ok(stopped.iter().map(|address| EmailAddress::stored(address)).collect())
}

/// What an address wants no more, for its reader to see.
pub(super) async fn records(
    conn: &mut Conn,
    address: &EmailAddress,
) -> Result<Vec<Record>, StoreError> {
    let rows = OF_ADDRESS.all(conn, [address.as_str()]).await?;
    let told = |(kind, stopped): (String, Moment)| {
        let fields = vec![
            ("address", Some(address.to_string())),
            ("letters", Some(kind)),
            ("stopped_at", at(stopped)),
        ];
        record(fields)
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Forgets an address.
pub(super) async fn forget(tx: &mut Tx, address: &EmailAddress) -> Result<(), StoreError> {
    FORGET_STOPS.run(tx, [address.as_str()]).await?;
    FORGET_LINKS.run(tx, [address.as_str()]).await?;
    Ok(())
}

/// Forgets links of letters that are kept no more.
pub(super) async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    SWEEP_LINKS.run(tx, [now - LINKS]).await
}
