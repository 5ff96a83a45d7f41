//! Institutions.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, window::pattern};
use crate::domain::{
    id::{InstitutionCode, StaffLogin},
    institution::Institution,
};

#[derive(FromRow)]
struct InstitutionRow {
    code: String,
    name: String,
    kind: String,
    alliance: String,
    membership: String,
    archived_at: Option<DateTime<Utc>>,
}

impl InstitutionRow {
    fn read(self) -> Result<Institution, StoreError> {
        Ok(Institution {
            code: parse("institutions", "code", &self.code, &self.code)?,
            kind: parse("institutions", "kind", &self.code, &self.kind)?,
            alliance: parse("institutions", "alliance", &self.code, &self.alliance)?,
            membership: parse("institutions", "membership", &self.code, &self.membership)?,
            name: self.name,
        })
    }
}

/// All institutions that are not archived, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Institution>, StoreError> {
    let text = "select * from institutions where archived_at is null order by name";
    let rows = run!(all InstitutionRow, conn, text)?;
    rows.into_iter().map(InstitutionRow::read).collect()
}

/// An institution that bookings may name: one that is not archived.
pub async fn open_to_bookings(
    conn: &mut Conn,
    code: &str,
) -> Result<Option<Institution>, StoreError> {
    let text = "select * from institutions where code = $1 and archived_at is null";
    run!(opt InstitutionRow, conn, text, code)?.map(InstitutionRow::read).transpose()
}

/// One institution; a merged one is the one it became part of.
pub async fn find(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Option<Institution>, StoreError> {
    let text = "select k.* from institutions i
                join institutions k on k.code = coalesce(i.merged_into, i.code) where i.code = $1";
    run!(opt InstitutionRow, conn, text, code.as_str())?.map(InstitutionRow::read).transpose()
}

/// Since when an institution is archived.
pub async fn archived_at(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let text = "select archived_at from institutions where code = $1";
    let found = run!(values Option<DateTime<Utc>>, conn, text, code.as_str())?;
    Ok(found.into_iter().flatten().next())
}

/// Adds an institution, or leaves the one with its code as it is; `true` if it was new.
pub async fn insert(tx: &mut Tx, institution: &Institution) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into institutions (code, name, kind, alliance, membership)
         values ($1, $2, $3, $4, $5) on conflict (code) do nothing",
        institution.code.as_str(),
        institution.name.as_str(),
        institution.kind.as_str(),
        institution.alliance.as_str(),
        institution.membership.as_str(),
    )?;
    Ok(written == 1)
}

/// Institutions whose name or code holds `words`, by name, each with whether it is archived; with
/// `within`, of that organiser's alliances.
pub async fn search(
    conn: &mut Conn,
    words: &str,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<(Institution, bool)>, StoreError> {
    let (pattern, login) = (pattern(words), within.map(StaffLogin::as_str));
    let rows = run!(
        all InstitutionRow, conn,
        "select * from institutions i
         where i.merged_into is null
           and ($1 is null or lower(i.name) like $1 escape '!' or lower(i.code) like $1 escape '!')
           and ($2 is null or i.alliance in
                (select a.alliance from staff_alliances a where a.login = $2))
         order by i.archived_at is not null, lower(i.name), i.code limit $3 offset $4",
        pattern.as_deref(), login, window.limit, window.offset,
    )?;
    let total = run!(
        value i64, conn,
        "select count(*) from institutions i
         where i.merged_into is null
           and ($1 is null or lower(i.name) like $1 escape '!' or lower(i.code) like $1 escape '!')
           and ($2 is null or i.alliance in
                (select a.alliance from staff_alliances a where a.login = $2))",
        pattern.as_deref(), login,
    )?;
    let read = |row: InstitutionRow| {
        let is_archived = row.archived_at.is_some();
        Ok((row.read()?, is_archived))
    };
    let items = rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(Found { items, total })
}

/// How many institutions there are, archived ones too.
pub async fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    run!(value i64, conn, "select count(*) from institutions")
}

/// Writes an institution anew, and whether and since when it is archived.
pub async fn update(
    tx: &mut Tx,
    institution: &Institution,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update institutions set name = $2, kind = $3, alliance = $4, membership = $5,
             archived_at = $6 where code = $1",
        institution.code.as_str(),
        institution.name.as_str(),
        institution.kind.as_str(),
        institution.alliance.as_str(),
        institution.membership.as_str(),
        archived_at,
    )?;
    Ok(())
}
