//! Institutions.

use sqlx::FromRow;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{id::InstitutionCode, institution::Institution};

#[derive(FromRow)]
struct InstitutionRow {
    code: String,
    name: String,
    kind: String,
    alliance: String,
    membership: String,
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

/// All institutions, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn all(conn: &mut Conn) -> Result<Vec<Institution>, StoreError> {
    let rows = run!(all InstitutionRow, conn, "select * from institutions order by name")?;
    rows.into_iter().map(InstitutionRow::read).collect()
}

/// One institution.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Option<Institution>, StoreError> {
    let text = "select * from institutions where code = $1";
    run!(opt InstitutionRow, conn, text, code.as_str())?.map(InstitutionRow::read).transpose()
}

/// Adds an institution, or leaves the one with its code as it is; `true` if it was new.
///
/// # Errors
/// [`StoreError`].
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
