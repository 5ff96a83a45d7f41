//! What the office changes about a session that exists.

use chrono::{DateTime, Utc};

use super::{StoreError, Tx, codec::column, sessions::insert_sitting};
use crate::domain::{id::SessionCode, location::Location, sitting::Sitting, text::Paragraph};

/// Writes how many places there are.
///
/// # Errors
/// [`StoreError::Oversold`] when more are taken.
pub async fn set_capacity(
    tx: &mut Tx,
    code: &SessionCode,
    capacity: u32,
) -> Result<(), StoreError> {
    let text = "update sessions set capacity = $2 where code = $1";
    run!(exec, tx, text, code.as_str(), column(capacity))?;
    Ok(())
}

/// Writes where it takes place.
///
/// # Errors
/// [`StoreError`].
pub async fn set_location(
    tx: &mut Tx,
    code: &SessionCode,
    location: &Location,
) -> Result<(), StoreError> {
    let (venue, address, room) = match location {
        Location::Venue { name, address } => (Some(name.as_str()), Some(address.as_str()), None),
        Location::Online { room } => (None, None, Some(room.as_str())),
    };
    run!(
        exec,
        tx,
        "update sessions set venue_name = $2, venue_address = $3, online_room = $4
         where code = $1",
        code.as_str(),
        venue,
        address,
        room,
    )?;
    Ok(())
}

/// Marks a session as called off.
///
/// # Errors
/// [`StoreError`].
pub async fn set_cancelled(
    tx: &mut Tx,
    code: &SessionCode,
    at: DateTime<Utc>,
    reason: Option<&Paragraph>,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update sessions set publication = 'cancelled', cancelled_at = $2, cancel_reason = $3
         where code = $1",
        code.as_str(),
        at,
        reason.map_or("", Paragraph::as_str),
    )?;
    Ok(())
}

/// Writes a sitting's times, and that what feeds show of it has changed.
///
/// # Errors
/// [`StoreError`].
pub async fn set_times(tx: &mut Tx, sitting: &Sitting) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update sittings set starts = $2, ends = $3, zone = $4, starts_at = $5, ends_at = $6
         where id = $1",
        sitting.id.uuid(),
        sitting.starts,
        sitting.ends,
        sitting.zone.name(),
        sitting.starts_at,
        sitting.ends_at,
    )?;
    Ok(())
}

/// Adds a sitting to a session that exists.
///
/// # Errors
/// [`StoreError`].
pub async fn add_sitting(
    tx: &mut Tx,
    code: &SessionCode,
    sitting: &Sitting,
) -> Result<(), StoreError> {
    insert_sitting(tx, code, sitting).await
}

/// Says that what feeds show of a session's sittings changed at `now` (RFC 5545 3.8.7.4): of one
/// sitting, or of all.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_changed(
    tx: &mut Tx,
    code: &SessionCode,
    sitting: Option<&Sitting>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update sittings set sequence = sequence + 1, changed_at = $3
         where session = $1 and ($2 is null or number = $2)",
        code.as_str(),
        sitting.map(|sitting| column(sitting.number)),
        now,
    )?;
    Ok(())
}
