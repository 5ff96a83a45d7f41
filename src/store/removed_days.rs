//! Days that were taken off a session: calendars and feeds are told of them for a while.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    session_days::SittingRow,
};
use crate::domain::{
    id::{SessionCode, SittingId},
    sitting::{RemovedDay, Sitting},
};

row! {
    struct RemovedRow {
        #[flatten]
        sitting: SittingRow,
        days: i32,
        removed_at: DateTime<Utc>,
    }
}

arguments! {
    struct Removal<'a> {
        id: Uuid,
        session: &'a str,
        days: i32,
        changed_at: DateTime<Utc>,
        removed_at: DateTime<Utc>,
    }
}

statements! {
    IS_ATTENDED: i64 =
        "select (select count(*) from attendances where sitting = $1)
              + (select count(*) from walk_ins where sitting = $1)
              + (select count(*) from sittings where id = $1 and closed_at is not null)";

    KEEP(Removal) =
        "insert into removed_days (id, session, number, days, starts, ends, zone, starts_at, ends_at,
             uid, sequence, created_at, changed_at, removed_at, place_name, place_address,
             place_venue_id)
         select id, session, number, :days, starts, ends, zone, starts_at, ends_at, uid,
             sequence + 1, created_at, :changed_at, :removed_at, place_name, place_address,
             place_venue_id
         from sittings where id = :id and session = :session";

    FORGET_REMINDERS =
        "delete from reminders
         where sitting = $1 and place in (select p.id from places p where p.session = $2)";

    TAKE_OFF = "delete from sittings where id = $1 and session = $2";

    RENUMBER = "update sittings set number = $2 where id = $1";

    OF_SESSION: RemovedRow = "select * from removed_days where session = $1 order by starts_at, id";

    /// Few: those of two weeks.
    SINCE: RemovedRow = "select * from removed_days where removed_at > $1 order by starts_at, id";
}

/// The days taken off some sessions.
pub type RemovedDays = HashMap<SessionCode, Vec<RemovedDay>>;

impl RemovedRow {
    fn read(self) -> Result<(SessionCode, RemovedDay), StoreError> {
        let code = parse("removed_days", "session", &self.sitting.session, &self.sitting.session)?;
        let (days, removed_at) = (count(self.days), self.removed_at);
        Ok((code, RemovedDay { sitting: self.sitting.read()?, days, removed_at }))
    }
}

/// Whether anything happened at the door of a day.
pub async fn is_attended(conn: &mut Conn, day: SittingId) -> Result<bool, StoreError> {
    Ok(IS_ATTENDED.value(conn, [day.uuid()]).await? > 0)
}

/// Takes a day off a session of `days`, which is locked; those after it move up.
pub async fn remove(
    tx: &mut Tx,
    session: &SessionCode,
    (day, sittings): (&Sitting, &[Sitting]),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = day.id.uuid();
    let removal = Removal {
        id,
        session: session.as_str(),
        days: i32::try_from(sittings.len()).unwrap_or(i32::MAX),
        changed_at: now.max(day.changed_at + chrono::Duration::seconds(1)),
        removed_at: now,
    };
    KEEP.run(tx, removal).await?;
    FORGET_REMINDERS.run(tx, (id, session.as_str())).await?;
    TAKE_OFF.run(tx, (id, session.as_str())).await?;
    for later in sittings.iter().filter(|one| one.number > day.number) {
        RENUMBER.run(tx, (later.id.uuid(), column(later.number - 1))).await?;
    }
    Ok(())
}

/// The days taken off a session.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<RemovedDay>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    rows.into_iter().map(|row| Ok(row.read()?.1)).collect()
}

/// The days taken off since `moment`, by session.
pub async fn since(conn: &mut Conn, moment: DateTime<Utc>) -> Result<RemovedDays, StoreError> {
    let mut found = RemovedDays::new();
    for row in SINCE.all(conn, [moment]).await? {
        let (session, day) = row.read()?;
        found.entry(session).or_default().push(day);
    }
    Ok(found)
}
