//! Staff accounts.

use sqlx::FromRow;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{contact::EmailAddress, id::StaffLogin, staff::StaffMember};

#[derive(FromRow)]
struct StaffRow {
    login: String,
    name: String,
    email: String,
    role: String,
}

/// The account with this address, unless it is disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_email(
    conn: &mut Conn,
    email: &EmailAddress,
) -> Result<Option<StaffMember>, StoreError> {
    let text =
        "select login, name, email, role from staff where email = $1 and disabled_at is null";
    let row = run!(opt StaffRow, conn, text, email.as_str())?;
    read(conn, row).await
}

/// The account with this login, unless it is disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, login: &StaffLogin) -> Result<Option<StaffMember>, StoreError> {
    let text =
        "select login, name, email, role from staff where login = $1 and disabled_at is null";
    let row = run!(opt StaffRow, conn, text, login.as_str())?;
    read(conn, row).await
}

async fn read(conn: &mut Conn, row: Option<StaffRow>) -> Result<Option<StaffMember>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let text = "select alliance from staff_alliances where login = $1 order by alliance";
    let slugs = run!(values String, conn, text, row.login.as_str())?;
    let alliances = slugs
        .iter()
        .map(|slug| parse("staff_alliances", "alliance", &row.login, slug))
        .collect::<Result<_, _>>()?;
    Ok(Some(StaffMember {
        login: parse("staff", "login", &row.login, &row.login)?,
        email: parse("staff", "email", &row.login, &row.email)?,
        role: parse("staff", "role", &row.login, &row.role)?,
        name: row.name,
        alliances,
    }))
}

/// Adds an account, or leaves the one with its login as it is; `true` if it was new.
///
/// # Errors
/// [`StoreError::Taken`] when another account has the address.
pub async fn insert(tx: &mut Tx, member: &StaffMember) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into staff (login, name, email, role) values ($1, $2, $3, $4)
         on conflict (login) do nothing",
        member.login.as_str(),
        member.name.as_str(),
        member.email.as_str(),
        member.role.as_str(),
    )?;
    if written == 0 {
        return Ok(false);
    }
    for alliance in &member.alliances {
        let text = "insert into staff_alliances (login, alliance) values ($1, $2)";
        run!(exec, tx, text, member.login.as_str(), alliance.as_str())?;
    }
    Ok(true)
}
