//! What the office changes about a session that exists.

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

use super::{StoreError, Tx, codec::column, sessions::insert_sitting};
use crate::domain::{
    finding::folded, id::SessionCode, location::Location, session::DependentDates,
    sitting::Sitting, text::Paragraph,
};

arguments! {
    struct SittingTimes<'a> {
        id: Uuid,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        zone: &'a str,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
    }
}

statements! {
    SET_CAPACITY = "update sessions set capacity = $2 where code = $1";

    SET_LOCATION =
        "update sessions set venue_name = $2, venue_address = $3, online_room = $4, venue_key = $5
         where code = $1";

    SET_DATES =
        "update sessions set booking_opens = $2, booking_closes = $3, changes_close = $4
         where code = $1";

    SET_CANCELLED =
        "update sessions set publication = 'cancelled', cancelled_at = $2, cancel_reason = $3
         where code = $1";

    SET_TIMES(SittingTimes) =
        "update sittings set starts = :starts, ends = :ends, zone = :zone,
             starts_at = :starts_at, ends_at = :ends_at
         where id = :id";

    MARK_CHANGED =
        "update sittings set sequence = sequence + 1, changed_at = $3
         where session = $1 and (number = $2 or $2 is null)";
}

/// Writes how many places there are.
///
/// # Errors
/// [`StoreError::Oversold`] when more are taken.
pub async fn set_capacity(
    tx: &mut Tx,
    code: &SessionCode,
    capacity: u32,
) -> Result<(), StoreError> {
    SET_CAPACITY.run(tx, (code.as_str(), column(capacity))).await?;
    Ok(())
}

/// Writes where it takes place.
pub async fn set_location(
    tx: &mut Tx,
    code: &SessionCode,
    location: &Location,
) -> Result<(), StoreError> {
    let (venue, address, room) = match location {
        Location::Venue { name, address } => (Some(name.as_str()), Some(address.as_str()), None),
        Location::Online { room } => (None, None, Some(room.as_str())),
    };
    SET_LOCATION.run(tx, (code.as_str(), venue, address, room, venue.map(folded))).await?;
    Ok(())
}

/// Writes the dates that hang on its days.
pub async fn set_dates(
    tx: &mut Tx,
    code: &SessionCode,
    dates: &DependentDates,
) -> Result<(), StoreError> {
    let DependentDates { booking_opens, booking_closes, changes_close } = *dates;
    SET_DATES.run(tx, (code.as_str(), booking_opens, booking_closes, changes_close)).await?;
    Ok(())
}

/// Marks a session as called off.
pub async fn set_cancelled(
    tx: &mut Tx,
    code: &SessionCode,
    at: DateTime<Utc>,
    reason: Option<&Paragraph>,
) -> Result<(), StoreError> {
    SET_CANCELLED.run(tx, (code.as_str(), at, reason.map_or("", Paragraph::as_str))).await?;
    Ok(())
}

/// Writes a sitting's times, and that what feeds show of it has changed.
pub async fn set_times(tx: &mut Tx, sitting: &Sitting) -> Result<(), StoreError> {
    let times = SittingTimes {
        id: sitting.id.uuid(),
        starts: sitting.starts,
        ends: sitting.ends,
        zone: sitting.zone.name(),
        starts_at: sitting.starts_at,
        ends_at: sitting.ends_at,
    };
    SET_TIMES.run(tx, times).await?;
    Ok(())
}

/// Adds a sitting to a session that exists.
pub async fn add_sitting(
    tx: &mut Tx,
    code: &SessionCode,
    sitting: &Sitting,
) -> Result<(), StoreError> {
    insert_sitting(tx, code, sitting).await
}

/// Says that what feeds show of a session's sittings changed at `now` (RFC 5545 3.8.7.4): of one
/// sitting, or of all.
pub async fn mark_changed(
    tx: &mut Tx,
    code: &SessionCode,
    sitting: Option<&Sitting>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    MARK_CHANGED
        .run(tx, (code.as_str(), sitting.map(|sitting| column(sitting.number)), now))
        .await?;
    Ok(())
}
