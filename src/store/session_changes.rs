//! What the office changes about a session that exists.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::column, sessions::insert_sitting};
use crate::domain::{
    finding::folded,
    id::{SessionCode, SittingId},
    location::Location,
    session::DependentDates,
    sitting::Sitting,
    text::Paragraph,
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
    /// Trainers' feeds show it beside the head count.
    SET_CAPACITY =
        "update sessions set capacity = $2, heads = heads + 1, heads_at = $3 where code = $1";

    SET_LOCATION =
        "update sessions set venue_name = $2, venue_address = $3, online_room = $4, venue_key = $5
         where code = $1";

    SET_DATES =
        "update sessions set booking_opens = $2, booking_closes = $3, changes_close = $4, decide_by = $5,
             rooms_on = $6
         where code = $1";

    SET_CANCELLED =
        "update sessions set publication = 'cancelled', cancelled_at = $2, cancel_reason = $3
         where code = $1";

    SET_TIMES(SittingTimes) =
        "update sittings set starts = :starts, ends = :ends, zone = :zone,
             previous_starts_at =
                 case when starts_at = :starts_at then previous_starts_at else starts_at end,
             starts_at = :starts_at, ends_at = :ends_at
         where id = :id";

    PREVIOUS: (Uuid, DateTime<Utc>) =
        "select id, previous_starts_at from sittings
         where session = $1 and previous_starts_at is not null";
}

/// Writes how many places there are.
///
/// # Errors
/// [`StoreError::Oversold`] when more are taken.
pub async fn set_capacity(
    tx: &mut Tx,
    code: &SessionCode,
    capacity: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    SET_CAPACITY.run(tx, (code.as_str(), column(capacity), now)).await?;
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
    let DependentDates { booking_opens, booking_closes, changes_close, decide_by, rooms_on } =
        *dates;
    SET_DATES
        .run(tx, (code.as_str(), booking_opens, booking_closes, changes_close, decide_by, rooms_on))
        .await?;
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

/// When the days of a session were to start before they were moved.
pub async fn previous_starts(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<SittingId, DateTime<Utc>>, StoreError> {
    let rows = PREVIOUS.all(conn, [code.as_str()]).await?;
    Ok(rows.into_iter().map(|(id, at)| (SittingId::new(id), at)).collect())
}
