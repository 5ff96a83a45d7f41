//! Who asked for a link by e-mail, until it is looked at whether there is one to send.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{contact::EmailAddress, letter::LetterKind};

statements! {
    ADD = "insert into asked_links (id, kind, address, asked_at) values ($1, $2, $3, $4)";

    WAITING: i64 = "select count(*) from asked_links";

    TAKE: (Uuid, String, String) = "delete from asked_links returning id, kind, address";
}

/// Notes that somebody asked for a letter of this kind.
pub async fn add(
    tx: &mut Tx,
    id: Uuid,
    (kind, address): (LetterKind, &EmailAddress),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ADD.run(tx, (id, kind.as_str(), address.as_str(), now)).await?;
    // Whoever delivers letters looks at it.
    tx.has_written_letters();
    Ok(())
}

/// Whether anybody waits.
pub async fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(WAITING.value(conn, ()).await? > 0)
}

/// Takes all that wait.
pub async fn take(tx: &mut Tx) -> Result<Vec<(LetterKind, EmailAddress)>, StoreError> {
    let rows = TAKE.all(tx, ()).await?;
    let read = |(id, kind, address): (Uuid, String, String)| {
        Ok((
            parse("asked_links", "kind", &id, &kind)?,
            parse("asked_links", "address", &id, &address)?,
        ))
    };
    rows.into_iter().map(read).collect()
}
