//! Files that somebody brings in: their rows for a day, what was said of them, and what they made.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, person_questions, rows};
use crate::domain::{
    id::{PersonId, SessionCode, StaffLogin},
    import::{ImportKind, Said, Sheet},
};

const TABLE: &str = "imports";

row! {
    struct ImportRow {
        id: Uuid,
        kind: String,
        file_name: Option<String>,
        how: String,
        heads: Option<String>,
        cells: Option<String>,
        settings: Option<String>,
        session: Option<String>,
        made_by: String,
        at: DateTime<Utc>,
        made_at: Option<DateTime<Utc>>,
        undone_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct MadeRow {
        number: i32,
        key: String,
        digest: Vec<u8>,
        kept: Option<String>,
    }
}

arguments! {
    struct NewImport<'a> {
        id: Uuid,
        kind: &'a str,
        file_name: Option<&'a str>,
        how: &'a str,
        heads: Option<&'a str>,
        cells: Option<&'a str>,
        settings: Option<&'a str>,
        session: Option<&'a str>,
        made_by: &'a str,
        at: DateTime<Utc>,
    }
}

arguments! {
    struct NewMade<'a> {
        import: Uuid,
        number: i32,
        key: &'a str,
        digest: &'a [u8],
    }
}

statements! {
    INSERT(NewImport) = "insert into imports (:columns) values (:values)";

    FIND: ImportRow =
        "select id, kind, file_name, how, heads, cells, settings, session, made_by, at, made_at,
             undone_at from imports where id = $1";

    LOCK = "update imports set kind = kind where id = $1";

    OF_STAFF: ImportRow =
        "select id, kind, file_name, how, null as heads, null as cells, null as settings, session,
             made_by, at, made_at, undone_at
         from imports where made_by = $1 order by at desc, id limit $2 offset $3";

    OF_ALL: ImportRow =
        "select id, kind, file_name, how, null as heads, null as cells, null as settings, session,
             made_by, at, made_at, undone_at
         from imports order by at desc, id limit $1 offset $2";

    COUNT_OF_STAFF: i64 = "select count(*) from imports where made_by = $1";

    COUNT: i64 = "select count(*) from imports";

    SAY = "update imports set settings = $2 where id = $1 and made_at is null";

    MAKE =
        "update imports set made_at = $2, heads = null, cells = null, settings = null,
             file_name = null where id = $1";

    UNDO = "update imports set undone_at = $2 where id = $1";

    DISCARD = "delete from imports where id = $1 and made_at is null";

    FORGET = "delete from imports where made_at is null and at <= $1";

    LATE: i64 = "select count(*) from imports where cells is not null and at <= $1";

    ADD_MADE(NewMade) = "insert into import_made (:columns) values (:values)";

    MADE: MadeRow =
        "select number, key, digest, kept from import_made where import = $1 order by number";

    COUNT_MADE: i64 = "select count(*) from import_made where import = $1";

    STANDS: i64 =
        "select (select count(*) from places where person = $1)
              + (select count(*) from registrations where person = $1)
              + (select count(*) from walk_ins where person = $1)
              + (select count(*) from private_feeds where person = $1)
              + (select count(*) from office_notes where person = $1)
              + (select count(*) from path_people where person = $1)
              + (select count(*) from path_records where person = $1)
              + (select count(*) from path_links where person = $1)
              + (select count(*) from data_links where person = $1)
              + (select count(*) from person_contacts where person = $1)
              + (select count(*) from person_merges where kept = $1)
              + (select count(*) from person_merges where gone = $1)
              + (select count(*) from personal_invitations where person = $1)
              + (select count(*) from nominations where person = $1)
              + (select count(*) from interests where person = $1)";

    MERGED: i64 = "select count(*) from people where merged_into = $1";

    FORGET_KEYS = "delete from person_keys where person = $1";

    FORGET_PERSON = "delete from people where id = $1";

    KEEP = "update import_made set kept = $3 where import = $1 and number = $2";
}

/// A file as it was brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its row.
    pub id: Uuid,
    /// What it brings in.
    pub kind: ImportKind,
    /// What it is called, while its rows are kept.
    pub file_name: Option<String>,
    /// How it was read, such as which sheet.
    pub how: String,
    /// Its rows, until they were imported or their day is over.
    pub sheet: Option<Sheet>,
    /// What was said of it.
    pub said: Said,
    /// The session whose bookings it brings.
    pub session: Option<SessionCode>,
    /// Who brought it.
    pub made_by: StaffLogin,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was imported.
    pub made_at: Option<DateTime<Utc>>,
    /// When what it made was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Something that an import made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Which, from 1.
    pub number: u32,
    /// Its code or id, by the kind of the import.
    pub key: String,
    /// What it was when it was made.
    pub digest: Vec<u8>,
    /// Why it stayed when the others were taken back.
    pub kept: Option<String>,
}

fn unjson<T: serde::de::DeserializeOwned>(
    id: Uuid,
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: TABLE, column, row: id.to_string() };
    serde_json::from_str(text).map_err(corrupt)
}

impl ImportRow {
    fn read(self) -> Result<Import, StoreError> {
        let id = self.id;
        let heads = self.heads.map(|text| unjson(id, "heads", &text)).transpose()?;
        let cells = self.cells.map(|text| unjson(id, "cells", &text)).transpose()?;
        let said: Option<Vec<(String, String)>> =
            self.settings.map(|text| unjson(id, "settings", &text)).transpose()?;
        Ok(Import {
            id,
            kind: parse(TABLE, "kind", &id, &self.kind)?,
            file_name: self.file_name,
            how: self.how,
            sheet: heads.zip(cells).map(|(heads, rows)| Sheet { heads, rows }),
            said: said.unwrap_or_default().into_iter().collect(),
            session: self.session.map(|code| parse(TABLE, "session", &id, &code)).transpose()?,
            made_by: parse(TABLE, "made_by", &id, &self.made_by)?,
            at: self.at,
            made_at: self.made_at,
            undone_at: self.undone_at,
        })
    }
}

fn settings(said: &Said) -> Result<String, StoreError> {
    rows::json(&said.iter().collect::<Vec<_>>())
}

/// Keeps a file that was read.
pub async fn insert(tx: &mut Tx, import: &Import) -> Result<(), StoreError> {
    let heads = import.sheet.as_ref().map(|sheet| rows::json(&sheet.heads)).transpose()?;
    let cells = import.sheet.as_ref().map(|sheet| rows::json(&sheet.rows)).transpose()?;
    let settings = settings(&import.said)?;
    let new = NewImport {
        id: import.id,
        kind: import.kind.as_str(),
        file_name: import.file_name.as_deref(),
        how: &import.how,
        heads: heads.as_deref(),
        cells: cells.as_deref(),
        settings: Some(&settings),
        session: import.session.as_ref().map(SessionCode::as_str),
        made_by: import.made_by.as_str(),
        at: import.at,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// A file.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Import>, StoreError> {
    FIND.optional(conn, [id]).await?.map(ImportRow::read).transpose()
}

/// A file, not to be imported or taken back by anybody else until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Import>, StoreError> {
    LOCK.run(tx, [id]).await?;
    find(tx, id).await
}

/// Files without their rows, the latest first; with `of`, those somebody brought herself.
pub async fn latest(
    conn: &mut Conn,
    of: Option<&StaffLogin>,
    Window { limit, offset }: Window,
) -> Result<Found<Import>, StoreError> {
    let (rows, total) = match of {
        Some(login) => (
            OF_STAFF.all(conn, (login.as_str(), limit, offset)).await?,
            COUNT_OF_STAFF.value(conn, [login.as_str()]).await?,
        ),
        None => (OF_ALL.all(conn, (limit, offset)).await?, COUNT.value(conn, ()).await?),
    };
    let items = rows.into_iter().map(ImportRow::read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}

/// Keeps what was said of a file.
pub async fn say(tx: &mut Tx, id: Uuid, said: &Said) -> Result<(), StoreError> {
    SAY.run(tx, (id, settings(said)?)).await?;
    Ok(())
}

/// Marks a file as imported: what stood in it is gone.
pub async fn mark_made(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    MAKE.run(tx, (id, now)).await?;
    Ok(())
}

/// Marks what a file made as taken back.
pub async fn mark_undone(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    UNDO.run(tx, (id, now)).await?;
    Ok(())
}

/// Throws a file away that was not imported; whether there was one.
pub async fn discard(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(DISCARD.run(tx, [id]).await? == 1)
}

/// Throws files away that nobody imported, brought before `moment`; how many.
pub async fn forget(tx: &mut Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [moment]).await
}

/// How many files brought before `moment` still hold their rows.
pub async fn late(conn: &mut Conn, moment: DateTime<Utc>) -> Result<i64, StoreError> {
    LATE.value(conn, [moment]).await
}

/// Notes what an import made.
pub async fn add_made(
    tx: &mut Tx,
    import: Uuid,
    number: u32,
    (key, digest): (&str, &[u8]),
) -> Result<(), StoreError> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    ADD_MADE.run(tx, NewMade { import, number, key, digest }).await?;
    Ok(())
}

/// What an import made, in order.
pub async fn made(conn: &mut Conn, import: Uuid) -> Result<Vec<Made>, StoreError> {
    let rows = MADE.all(conn, [import]).await?;
    let read = |row: MadeRow| Made {
        number: u32::try_from(row.number).unwrap_or(0),
        key: row.key,
        digest: row.digest,
        kept: row.kept,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many things an import made.
pub async fn count_made(conn: &mut Conn, import: Uuid) -> Result<i64, StoreError> {
    COUNT_MADE.value(conn, [import]).await
}

/// Notes why something stays.
pub async fn keep(tx: &mut Tx, import: Uuid, number: u32, why: &str) -> Result<(), StoreError> {
    KEEP.run(tx, (import, i32::try_from(number).unwrap_or(i32::MAX), why)).await?;
    Ok(())
}

/// Takes somebody out of those we know who stands nowhere; `false` where she does.
pub async fn remove_person(tx: &mut Tx, id: PersonId) -> Result<bool, StoreError> {
    if STANDS.value(tx, [id.uuid()]).await? + MERGED.value(tx, [id.uuid()]).await? > 0 {
        return Ok(false);
    }
    FORGET_KEYS.run(tx, [id.uuid()]).await?;
    person_questions::forget(tx, id.uuid()).await?;
    FORGET_PERSON.run(tx, [id.uuid()]).await?;
    Ok(true)
}
