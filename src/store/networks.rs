//! Which networks hold places that nobody has booked yet, by a digest.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx};
use crate::domain::id::RegistrationId;

statements! {
    HELD: i64 =
        "select count(*) from registrations r join places p on p.registration = r.id
         where r.network = $1 and r.id <> $2 and r.booked_at is null
           and p.state = 'held' and p.until > $3";

    HELD_IN_ALL: i64 =
        "select count(*) from registrations r join places p on p.registration = r.id
         where r.network = $1 and r.booked_at is null and p.state = 'held' and p.until > $2";

    NOTE = "update registrations set network = $2 where id = $1";

    FORGET = "update registrations set network = null
              where network is not null and (booked_at is not null or created_at < $1)";
}

/// How many places a network holds at `now`, but for those of one registration.
pub async fn held(
    conn: &mut Conn,
    network: &str,
    without: Option<RegistrationId>,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    match without {
        Some(id) => HELD.value(conn, (network, id.uuid(), now)).await,
        None => HELD_IN_ALL.value(conn, (network, now)).await,
    }
}

/// Notes which network holds places.
pub async fn note(tx: &mut Tx, id: RegistrationId, network: &str) -> Result<(), StoreError> {
    NOTE.run(tx, (id.uuid(), network)).await?;
    Ok(())
}

/// Forgets the networks of what was booked, or asked for before a moment.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [before]).await
}
