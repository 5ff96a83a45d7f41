//! Who was at the door of a sitting.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    attendance::{Mark, Presence, WalkIn},
    audit::Actor,
    contact::EmailAddress,
    id::{PlaceId, SessionCode, SittingId, WalkInId},
    text::Name,
};

/// What was last tapped for each place, and when.
///
/// # Errors
/// [`StoreError`].
pub async fn marks(
    conn: &mut Conn,
    sitting: SittingId,
) -> Result<HashMap<PlaceId, (Presence, DateTime<Utc>)>, StoreError> {
    let rows = run!(
        all(Uuid, String, DateTime<Utc>),
        conn,
        "select place, presence, marked_at from attendances where sitting = $1",
        sitting.uuid(),
    )?;
    rows.into_iter()
        .map(|(place, presence, at)| {
            let presence = parse("attendances", "presence", &place, &presence)?;
            Ok((PlaceId::new(place), (presence, at)))
        })
        .collect()
}

/// Writes a tap, unless a later one is known or the place is of another session; `false` then.
///
/// # Errors
/// [`StoreError`].
pub async fn mark(
    tx: &mut Tx,
    session: &SessionCode,
    sitting: SittingId,
    mark: &Mark,
    by: &Actor,
) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into attendances (place, sitting, presence, marked_at, marked_by)
         select p.id, $3, $4, $5, $6 from places p where p.id = $1 and p.session = $2
         on conflict (place, sitting) do update set presence = excluded.presence,
             marked_at = excluded.marked_at, marked_by = excluded.marked_by
         where excluded.marked_at > attendances.marked_at",
        mark.place.uuid(),
        session.as_str(),
        sitting.uuid(),
        mark.presence.as_str(),
        mark.at,
        by.to_string(),
    )?;
    Ok(written == 1)
}

#[derive(FromRow)]
struct WalkInRow {
    id: Uuid,
    name: String,
    institution: Option<String>,
    email: Option<String>,
    came_at: DateTime<Utc>,
}

impl WalkInRow {
    fn read(self) -> Result<WalkIn, StoreError> {
        let id = self.id;
        let name = |column, text: &str| {
            Name::parse(text).map_err(|_| StoreError::Corrupt {
                table: "walk_ins",
                column,
                row: id.to_string(),
            })
        };
        let email = self.email.as_deref();
        Ok(WalkIn {
            id: WalkInId::new(id),
            name: name("name", &self.name)?,
            institution: self.institution.map(|text| name("institution", &text)).transpose()?,
            email: email.map(|text| parse("walk_ins", "email", &id, text)).transpose()?,
            at: self.came_at,
        })
    }
}

/// People who came to a sitting without a booking, in the order they came.
///
/// # Errors
/// [`StoreError`].
pub async fn walk_ins(conn: &mut Conn, sitting: SittingId) -> Result<Vec<WalkIn>, StoreError> {
    let rows = run!(
        all WalkInRow, conn,
        "select id, name, institution, email, came_at from walk_ins
         where sitting = $1 and removed_at is null order by came_at, id",
        sitting.uuid(),
    )?;
    rows.into_iter().map(WalkInRow::read).collect()
}

/// Adds somebody who came without a booking; `false` if their line is known.
///
/// # Errors
/// [`StoreError`].
pub async fn add_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    walk_in: &WalkIn,
    by: &Actor,
) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into walk_ins (id, sitting, name, institution, email, came_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
        walk_in.id.uuid(),
        sitting.uuid(),
        walk_in.name.as_str(),
        walk_in.institution.as_ref().map(Name::as_str),
        walk_in.email.as_ref().map(EmailAddress::as_str),
        walk_in.at,
        by.to_string(),
    )?;
    Ok(written == 1)
}

/// Takes a line back; `false` if it is not there.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    id: WalkInId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let text = "update walk_ins set removed_at = $3
                where id = $1 and sitting = $2 and removed_at is null";
    Ok(run!(exec, tx, text, id.uuid(), sitting.uuid(), now)? == 1)
}

/// How many came to a sitting, with and without a booking, and how many did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// The sitting's number.
    pub number: i32,
    /// With a booking.
    pub attended: i64,
    /// Did not come; only known once the sitting is closed.
    pub absent: i64,
    /// Without a booking.
    pub walk_ins: i64,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What is known of each sitting of a session, by number.
///
/// # Errors
/// [`StoreError`].
pub async fn tallies(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Tally>, StoreError> {
    let rows = run!(
        all(i32, i64, i64, i64, Option<DateTime<Utc>>),
        conn,
        "select t.number,
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'attended'),
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'absent'),
             (select count(*) from walk_ins w where w.sitting = t.id and w.removed_at is null),
             t.closed_at
         from sittings t where t.session = $1 order by t.number",
        session.as_str(),
    )?;
    let tally = |(number, attended, absent, walk_ins, closed_at)| Tally {
        number,
        attended,
        absent,
        walk_ins,
        closed_at,
    };
    Ok(rows.into_iter().map(tally).collect())
}

/// Says that a sitting is closed.
///
/// # Errors
/// [`StoreError`].
pub async fn close(tx: &mut Tx, sitting: SittingId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let text = "update sittings set closed_at = $2 where id = $1";
    run!(exec, tx, text, sitting.uuid(), now)?;
    Ok(())
}

/// In how many sittings of a session each place was attended.
///
/// # Errors
/// [`StoreError`].
pub async fn attended_sittings(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, i64>, StoreError> {
    let rows = run!(
        all(Uuid, i64),
        conn,
        "select a.place, count(*) from attendances a join sittings t on t.id = a.sitting
         where t.session = $1 and a.presence = 'attended' group by a.place",
        session.as_str(),
    )?;
    Ok(rows.into_iter().map(|(place, count)| (PlaceId::new(place), count)).collect())
}
