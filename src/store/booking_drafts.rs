//! What a leader typed about the people she books for, as she typed it, until she has booked.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx};
use crate::domain::id::RegistrationId;

statements! {
    SAVE = "insert into booking_drafts (registration, typed, at) values ($1, $2, $3)
        on conflict (registration) do update set typed = excluded.typed, at = excluded.at";

    OF: String = "select typed from booking_drafts where registration = $1";

    REMOVE = "delete from booking_drafts where registration = $1";

    FORGET = "delete from booking_drafts where at < $1";
}

/// Saves what was typed, in place of what was saved before.
pub async fn save(
    tx: &mut Tx,
    registration: RegistrationId,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    SAVE.run(tx, (registration.uuid(), typed, now)).await?;
    Ok(())
}

/// What was typed last.
pub async fn of(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Option<String>, StoreError> {
    OF.optional_value(conn, [registration.uuid()]).await
}

/// Forgets what was typed: it stands in the booking now.
pub async fn remove(tx: &mut Tx, registration: RegistrationId) -> Result<(), StoreError> {
    REMOVE.run(tx, [registration.uuid()]).await?;
    Ok(())
}

/// Forgets what was typed before `moment`; how many bookings it was for.
pub async fn forget(tx: &mut Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [moment]).await
}
