//! Courses elsewhere and hours of action.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    own_data::at,
};
use crate::domain::{
    id::{PathRecordId, PersonId, StaffLogin},
    own_data::{Record, record},
    path::{PathRecord, RecordState, RecordedBy},
};

const TABLE: &str = "path_records";

row! {
    struct RecordRow {
        id: Uuid,
        person: Uuid,
        kind: String,
        title: String,
        by_whom: Option<String>,
        sort: Option<String>,
        done_on: NaiveDate,
        minutes: i32,
        state: String,
        is_claim: bool,
        reason: Option<String>,
        asked_at: DateTime<Utc>,
        decided_at: Option<DateTime<Utc>>,
        decided_by: Option<String>,
    }
}

arguments! {
    struct NewRecord<'a> {
        id: Uuid,
        person: Uuid,
        kind: &'a str,
        title: &'a str,
        by_whom: Option<&'a str>,
        sort: Option<&'a str>,
        done_on: NaiveDate,
        minutes: i32,
        state: &'a str,
        is_claim: bool,
        reason: Option<&'a str>,
        asked_at: DateTime<Utc>,
        decided_at: Option<DateTime<Utc>>,
        decided_by: Option<&'a str>,
    }
}

statements! {
    INSERT(NewRecord) =
        "insert into path_records (:columns) values (:values) on conflict (id) do nothing";

    FIND: RecordRow = "select * from path_records where id = $1";

    OF: RecordRow = {
        sqlite: "select * from path_records
            where person in (select unhex(value) from json_each($1)) order by done_on, id",
        postgres: "select * from path_records
            where person = any(array(select json_array_elements_text($1::json)::uuid))
            order by done_on, id",
    };

    DECIDE =
        "update path_records set state = $2, reason = $3, decided_at = $4, decided_by = $5
         where id = $1 and state = 'asked'";

    REMOVE = "delete from path_records where id = $1";

    EVERY: RecordRow =
        "select r.* from path_records r join people h on h.id = r.person
         where h.erased_at is null order by h.sort_key, h.id, r.done_on, r.id",
        reads_all: "exports everything there is";

    HERS: RecordRow = "select * from path_records where person = $1 order by done_on, id";

    FORGET = "delete from path_records where person = $1";
}

impl RecordRow {
    fn read(self) -> Result<PathRecord, StoreError> {
        let id = self.id;
        let by =
            self.decided_by.map(|login| parse(TABLE, "decided_by", &id, &login)).transpose()?;
        Ok(PathRecord {
            id: PathRecordId::new(id),
            person: PersonId::new(self.person),
            kind: parse(TABLE, "kind", &id, &self.kind)?,
            title: self.title,
            by_whom: self.by_whom,
            sort: self.sort,
            done_on: self.done_on,
            minutes: count(self.minutes),
            state: parse(TABLE, "state", &id, &self.state)?,
            by: if self.is_claim { RecordedBy::Herself } else { RecordedBy::Office },
            reason: self.reason,
            asked_at: self.asked_at,
            decided: self.decided_at.map(|at| (at, by)),
        })
    }
}

/// Writes a record down; `false` if it stands there already.
pub async fn insert(tx: &mut Tx, new: &PathRecord) -> Result<bool, StoreError> {
    let decided = new.decided.as_ref();
    let row = NewRecord {
        id: new.id.uuid(),
        person: new.person.uuid(),
        kind: new.kind.as_str(),
        title: &new.title,
        by_whom: new.by_whom.as_deref(),
        sort: new.sort.as_deref(),
        done_on: new.done_on,
        minutes: column(new.minutes),
        state: new.state.as_str(),
        is_claim: new.by == RecordedBy::Herself,
        reason: new.reason.as_deref(),
        asked_at: new.asked_at,
        decided_at: decided.map(|(at, _)| *at),
        decided_by: decided.and_then(|(_, by)| by.as_ref().map(StaffLogin::as_str)),
    };
    Ok(INSERT.run(tx, row).await? == 1)
}

/// One record.
pub async fn find(conn: &mut Conn, id: PathRecordId) -> Result<Option<PathRecord>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(RecordRow::read).transpose()
}

/// The records of people, in order of time.
pub async fn of(conn: &mut Conn, people: &str) -> Result<Vec<PathRecord>, StoreError> {
    OF.all(conn, [people]).await?.into_iter().map(RecordRow::read).collect()
}

/// The records of somebody, in order of time.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<PathRecord>, StoreError> {
    HERS.all(conn, [person.uuid()]).await?.into_iter().map(RecordRow::read).collect()
}

/// All records of everybody.
pub async fn every(conn: &mut Conn) -> Result<Vec<PathRecord>, StoreError> {
    EVERY.all(conn, ()).await?.into_iter().map(RecordRow::read).collect()
}

/// Decides about what was asked; `false` if somebody did before.
pub async fn decide(
    tx: &mut Tx,
    id: PathRecordId,
    (state, reason): (RecordState, Option<&str>),
    (by, now): (Option<&StaffLogin>, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let by = by.map(StaffLogin::as_str);
    Ok(DECIDE.run(tx, (id.uuid(), state.as_str(), reason, now, by)).await? == 1)
}

/// Takes a record out; `false` if it was not there any more.
pub async fn remove(tx: &mut Tx, id: PathRecordId) -> Result<bool, StoreError> {
    Ok(REMOVE.run(tx, [id.uuid()]).await? == 1)
}

/// Forgets what somebody did.
pub(super) async fn forget(tx: &mut Tx, person: Uuid) -> Result<(), StoreError> {
    FORGET.run(tx, [person]).await?;
    Ok(())
}

/// What is held about somebody here.
pub(super) async fn hers(conn: &mut Conn, person: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [person.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("kind", Some(row.kind)),
                ("title", Some(row.title)),
                ("by_whom", row.by_whom),
                ("sort", row.sort),
                ("done_on", Some(row.done_on.to_string())),
                ("minutes", Some(row.minutes.to_string())),
                ("state", Some(row.state)),
                ("claimed", row.is_claim.then(|| "yes".to_owned())),
                ("reason", row.reason),
                ("asked_at", at(row.asked_at)),
                ("decided_at", row.decided_at.and_then(at)),
            ])
        })
        .collect())
}
