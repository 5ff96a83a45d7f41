//! Who was at the door of a sitting.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use super::walk_ins::{
    WalkInArrival, WalkedIn, add_walk_in, answer_question, questions, remove_walk_in, walk_ins,
    walked_in,
};

use super::{
    Conn, StoreError, Tx,
    codec::{count, parse},
};
use crate::domain::{
    attendance::{Basis, Late, Mark, Presence},
    audit::Actor,
    id::{PlaceId, SessionCode, SittingId},
};

arguments! {
    struct Tap<'a> {
        place: Uuid,
        session: &'a str,
        sitting: Uuid,
        presence: &'a str,
        marked_at: DateTime<Utc>,
        marked_by: String,
        basis: &'a str,
        received_at: DateTime<Utc>,
        arrived_late: bool,
    }
}

row! {
    struct MarkRow {
        place: Uuid,
        presence: String,
        observed_at: Option<DateTime<Utc>>,
        basis: String,
    }
}

row! {
    struct LateRow {
        name: String,
        number: i32,
        presence: String,
        seen_at: DateTime<Utc>,
        seen_by: String,
    }
}

statements! {
    MARKS: MarkRow =
        "select place, presence, observed_at, basis from attendances where sitting = $1";

    /// Held until the transaction ends, so that no tap comes between counting and closing.
    LOCK: Option<DateTime<Utc>> = {
        sqlite: "select closed_at from sittings where id = $1",
        postgres: "select closed_at from sittings where id = $1 for update",
    };

    MARK(Tap) =
        "insert into attendances (place, sitting, presence, marked_at, marked_by, basis,
             observed_at, observed_by, received_at, arrived_late)
         select p.id, :sitting, :presence, :marked_at, :marked_by, :basis,
             :marked_at, :marked_by, :received_at, :arrived_late
         from places p where p.id = :place and p.session = :session
         on conflict (place, sitting) do update set presence = excluded.presence,
             marked_at = excluded.marked_at, marked_by = excluded.marked_by,
             basis = excluded.basis, observed_at = excluded.observed_at,
             observed_by = excluded.observed_by, received_at = excluded.received_at,
             arrived_late = excluded.arrived_late
         where attendances.observed_at is null or excluded.observed_at > attendances.observed_at
            or (excluded.observed_at = attendances.observed_at
                and excluded.presence = 'attended' and attendances.presence <> 'attended')";

    /// Leaves when and by whom she was last seen as it is: an observation that is on its way is later
    /// or earlier than that one, whatever the end of the day says.
    ASSUME_ABSENT =
        "insert into attendances (place, sitting, presence, marked_at, marked_by, basis)
         values ($1, $2, 'absent', $3, $4, 'closing')
         on conflict (place, sitting) do update set presence = 'absent', basis = 'closing',
             marked_at = excluded.marked_at, marked_by = excluded.marked_by
         where attendances.presence = 'unknown'";

    NOTE_LATE_MARKS = "update attendances set arrived_late = $2 where sitting = $1";

    NOTE_LATE_WALK_INS = "update walk_ins set arrived_late = $2 where sitting = $1";

    LATE: LateRow =
        "select l.name, l.number, l.presence, l.seen_at, coalesce(s.name, l.seen_by) as seen_by
         from (select coalesce(p.name, 'Name to follow') as name, t.number, a.presence,
                      a.observed_at as seen_at, a.observed_by as seen_by
               from sittings t join attendances a on a.sitting = t.id
               join places p on p.id = a.place
               where t.session = $1 and t.closed_at is not null and a.arrived_late
               union all
               select w.name, t.number, 'attended', w.came_at, w.added_by
               from sittings t join walk_ins w on w.sitting = t.id
               where t.session = $1 and t.closed_at is not null and w.arrived_late
                 and w.removed_at is null) l
         left join staff s on l.seen_by = 'staff:' || s.login
         order by l.number, l.seen_at, l.name";

    TALLIES: (i32, i64, i64, i64, Option<DateTime<Utc>>) =
        "select t.number,
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'attended'),
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'absent'),
             (select count(*) from walk_ins w where w.sitting = t.id and w.removed_at is null),
             t.closed_at
         from sittings t where t.session = $1 order by t.number";

    WAS_THERE: i64 =
        "select count(*) from attendances where place = $1 and presence = 'attended'";

    CLOSE = "update sittings set closed_at = $2 where id = $1";

    ATTENDED_SITTINGS: (Uuid, i64) =
        "select a.place, count(*) from attendances a join sittings t on t.id = a.sitting
         where t.session = $1 and a.presence = 'attended' group by a.place";
}

/// What is known of a place at a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPresence {
    /// Whether they were there.
    pub presence: Presence,
    /// What that is known by.
    pub basis: Basis,
    /// When the latest observation was made, if there is one.
    pub seen_at: Option<DateTime<Utc>>,
}

/// What is known of each place.
pub async fn marks(
    conn: &mut Conn,
    sitting: SittingId,
) -> Result<HashMap<PlaceId, KnownPresence>, StoreError> {
    let rows = MARKS.all(conn, [sitting.uuid()]).await?;
    rows.into_iter()
        .map(|row| {
            let known = KnownPresence {
                presence: parse("attendances", "presence", &row.place, &row.presence)?,
                basis: parse("attendances", "basis", &row.place, &row.basis)?,
                seen_at: row.observed_at,
            };
            Ok((PlaceId::new(row.place), known))
        })
        .collect()
}

/// When a sitting was closed, if it is; nobody else closes it or taps until the transaction ends.
pub async fn lock(tx: &mut Tx, sitting: SittingId) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(LOCK.values(tx, [sitting.uuid()]).await?.into_iter().flatten().next())
}

/// How a tap reached us.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// From whom.
    pub by: &'a Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it is an observation or a correction.
    pub basis: Basis,
    /// Whether the day was closed already.
    pub is_late: bool,
}

/// Writes a tap down, unless a later one is known or the place is of another session; `false` then. Of
/// two of the same moment, the one that saw her wins.
pub async fn mark(
    tx: &mut Tx,
    session: &SessionCode,
    sitting: SittingId,
    mark: &Mark,
    arrival: Arrival<'_>,
) -> Result<bool, StoreError> {
    let tap = Tap {
        place: mark.place.uuid(),
        session: session.as_str(),
        sitting: sitting.uuid(),
        presence: mark.presence.as_str(),
        marked_at: mark.at,
        marked_by: arrival.by.to_string(),
        basis: arrival.basis.as_str(),
        received_at: arrival.at,
        arrived_late: arrival.is_late,
    };
    let written = MARK.run(tx, tap).await?;
    Ok(written == 1)
}

/// Writes that somebody is absent whom nobody marked, unless she was seen.
pub async fn assume_absent(
    tx: &mut Tx,
    sitting: SittingId,
    place: PlaceId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ASSUME_ABSENT.run(tx, (place.uuid(), sitting.uuid(), now, by.to_string())).await?;
    Ok(())
}

/// What reached us of a session after the day it is about was closed, by day and time.
pub async fn late(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Late>, StoreError> {
    let rows = LATE.all(conn, [session.as_str()]).await?;
    let read = |row: LateRow| {
        Ok(Late {
            presence: parse("attendances", "presence", &row.name, &row.presence)?,
            name: row.name,
            sitting: count(row.number),
            seen_at: row.seen_at,
            by: row.seen_by,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many came to a sitting, with and without a booking, and how many did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SittingTally {
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
pub async fn tallies(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<SittingTally>, StoreError> {
    let rows = TALLIES.all(conn, [session.as_str()]).await?;
    let tally = |(number, attended, absent, walk_ins, closed_at)| SittingTally {
        number,
        attended,
        absent,
        walk_ins,
        closed_at,
    };
    Ok(rows.into_iter().map(tally).collect())
}

/// Whether whoever sits on a place was checked in on any day.
pub async fn was_there(conn: &mut Conn, place: PlaceId) -> Result<bool, StoreError> {
    Ok(WAS_THERE.value(conn, [place.uuid()]).await? > 0)
}

/// Says that a sitting is closed; what had arrived late is taken note of.
pub async fn close(tx: &mut Tx, sitting: SittingId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for noted in [NOTE_LATE_MARKS, NOTE_LATE_WALK_INS] {
        noted.run(tx, (sitting.uuid(), false)).await?;
    }
    CLOSE.run(tx, (sitting.uuid(), now)).await?;
    Ok(())
}

/// Whether the last day of a session was closed.
pub async fn last_is_closed(conn: &mut Conn, session: &SessionCode) -> Result<bool, StoreError> {
    let last = tallies(conn, session).await?.pop();
    Ok(last.is_some_and(|tally| tally.closed_at.is_some()))
}

/// In how many sittings of a session each place was attended.
pub async fn attended_sittings(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, i64>, StoreError> {
    let rows = ATTENDED_SITTINGS.all(conn, [session.as_str()]).await?;
    Ok(rows.into_iter().map(|(place, count)| (PlaceId::new(place), count)).collect())
}
