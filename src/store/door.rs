//! Who was at the door of a sitting.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    attendance::{Mark, Presence, WalkIn},
    audit::Actor,
    contact::EmailAddress,
    id::{PlaceId, SessionCode, SittingId, WalkInId},
    text::Name,
};

row! {
    struct WalkInRow {
        id: Uuid,
        name: String,
        institution: Option<String>,
        email: Option<String>,
        came_at: DateTime<Utc>,
    }
}

arguments! {
    struct Tap<'a> {
        place: Uuid,
        session: &'a str,
        sitting: Uuid,
        presence: &'a str,
        marked_at: DateTime<Utc>,
        marked_by: String,
    }
}

arguments! {
    struct NewWalkIn<'a> {
        id: Uuid,
        sitting: Uuid,
        name: &'a str,
        institution: Option<&'a str>,
        email: Option<&'a str>,
        came_at: DateTime<Utc>,
        added_by: String,
    }
}

statements! {
    MARKS: (Uuid, String, DateTime<Utc>) =
        "select place, presence, marked_at from attendances where sitting = $1";

    MARK(Tap) =
        "insert into attendances (place, sitting, presence, marked_at, marked_by)
         select p.id, :sitting, :presence, :marked_at, :marked_by
         from places p where p.id = :place and p.session = :session
         on conflict (place, sitting) do update set presence = excluded.presence,
             marked_at = excluded.marked_at, marked_by = excluded.marked_by
         where excluded.marked_at > attendances.marked_at";

    WALK_INS: WalkInRow =
        "select id, name, institution, email, came_at from walk_ins
         where sitting = $1 and removed_at is null order by came_at, id";

    ADD_WALK_IN(NewWalkIn) = "insert into walk_ins (:columns) values (:values)
         on conflict (id) do nothing";

    REMOVE_WALK_IN =
        "update walk_ins set removed_at = $3
         where id = $1 and sitting = $2 and removed_at is null";

    TALLIES: (i32, i64, i64, i64, Option<DateTime<Utc>>) =
        "select t.number,
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'attended'),
             (select count(*) from attendances a
              where a.sitting = t.id and a.presence = 'absent'),
             (select count(*) from walk_ins w where w.sitting = t.id and w.removed_at is null),
             t.closed_at
         from sittings t where t.session = $1 order by t.number";

    CLOSE = "update sittings set closed_at = $2 where id = $1";

    ATTENDED_SITTINGS: (Uuid, i64) =
        "select a.place, count(*) from attendances a join sittings t on t.id = a.sitting
         where t.session = $1 and a.presence = 'attended' group by a.place";
}

/// What was last tapped for each place, and when.
pub async fn marks(
    conn: &mut Conn,
    sitting: SittingId,
) -> Result<HashMap<PlaceId, (Presence, DateTime<Utc>)>, StoreError> {
    let rows = MARKS.all(conn, [sitting.uuid()]).await?;
    rows.into_iter()
        .map(|(place, presence, at)| {
            let presence = parse("attendances", "presence", &place, &presence)?;
            Ok((PlaceId::new(place), (presence, at)))
        })
        .collect()
}

/// Writes a tap, unless a later one is known or the place is of another session; `false` then.
pub async fn mark(
    tx: &mut Tx,
    session: &SessionCode,
    sitting: SittingId,
    mark: &Mark,
    by: &Actor,
) -> Result<bool, StoreError> {
    let tap = Tap {
        place: mark.place.uuid(),
        session: session.as_str(),
        sitting: sitting.uuid(),
        presence: mark.presence.as_str(),
        marked_at: mark.at,
        marked_by: by.to_string(),
    };
    let written = MARK.run(tx, tap).await?;
    Ok(written == 1)
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
pub async fn walk_ins(conn: &mut Conn, sitting: SittingId) -> Result<Vec<WalkIn>, StoreError> {
    let rows = WALK_INS.all(conn, [sitting.uuid()]).await?;
    rows.into_iter().map(WalkInRow::read).collect()
}

/// Adds somebody who came without a booking; `false` if their line is known.
pub async fn add_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    walk_in: &WalkIn,
    by: &Actor,
) -> Result<bool, StoreError> {
    let new = NewWalkIn {
        id: walk_in.id.uuid(),
        sitting: sitting.uuid(),
        name: walk_in.name.as_str(),
        institution: walk_in.institution.as_ref().map(Name::as_str),
        email: walk_in.email.as_ref().map(EmailAddress::as_str),
        came_at: walk_in.at,
        added_by: by.to_string(),
    };
    let written = ADD_WALK_IN.run(tx, new).await?;
    Ok(written == 1)
}

/// Takes a line back; `false` if it is not there.
pub async fn remove_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    id: WalkInId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(REMOVE_WALK_IN.run(tx, (id.uuid(), sitting.uuid(), now)).await? == 1)
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
pub async fn tallies(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Tally>, StoreError> {
    let rows = TALLIES.all(conn, [session.as_str()]).await?;
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
pub async fn close(tx: &mut Tx, sitting: SittingId, now: DateTime<Utc>) -> Result<(), StoreError> {
    CLOSE.run(tx, (sitting.uuid(), now)).await?;
    Ok(())
}

/// In how many sittings of a session each place was attended.
pub async fn attended_sittings(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, i64>, StoreError> {
    let rows = ATTENDED_SITTINGS.all(conn, [session.as_str()]).await?;
    Ok(rows.into_iter().map(|(place, count)| (PlaceId::new(place), count)).collect())
}
