//! Staff accounts.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, window::pattern};
use crate::domain::{
    contact::EmailAddress,
    id::StaffLogin,
    staff::{Account, StaffMember},
};

#[derive(FromRow)]
struct StaffRow {
    login: String,
    name: String,
    email: String,
    role: String,
    disabled_at: Option<DateTime<Utc>>,
}

/// The account with this address, unless it is disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn find_by_email(
    conn: &mut Conn,
    email: &EmailAddress,
) -> Result<Option<StaffMember>, StoreError> {
    let text = "select * from staff where email = $1 and disabled_at is null";
    let Some(row) = run!(opt StaffRow, conn, text, email.as_str())? else { return Ok(None) };
    Ok(Some(read(conn, row).await?.member))
}

/// The account with this login, unless it is disabled.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, login: &StaffLogin) -> Result<Option<StaffMember>, StoreError> {
    let account = find_account(conn, login).await?;
    Ok(account.filter(|account| account.disabled_at.is_none()).map(|account| account.member))
}

/// The account with this login, closed or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find_account(
    conn: &mut Conn,
    login: &StaffLogin,
) -> Result<Option<Account>, StoreError> {
    let text = "select * from staff where login = $1";
    let Some(row) = run!(opt StaffRow, conn, text, login.as_str())? else { return Ok(None) };
    Ok(Some(read(conn, row).await?))
}

/// Accounts whose name, address or login holds `words`, open ones first, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn search(
    conn: &mut Conn,
    words: &str,
    window: Window,
) -> Result<Found<Account>, StoreError> {
    let pattern = pattern(words);
    let rows = run!(
        all StaffRow, conn,
        "select * from staff
         where ($1 is null or lower(name) like $1 escape '!' or email like $1 escape '!'
                or login like $1 escape '!')
         order by disabled_at is not null, lower(name), login limit $2 offset $3",
        pattern.as_deref(), window.limit, window.offset,
    )?;
    let total = run!(
        value i64, conn,
        "select count(*) from staff
         where ($1 is null or lower(name) like $1 escape '!' or email like $1 escape '!'
                or login like $1 escape '!')",
        pattern.as_deref(),
    )?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(read(conn, row).await?);
    }
    Ok(Found { items, total })
}

/// How many open accounts may do everything. They stay as they are until the transaction ends, so
/// that two administrators who close each other's accounts at once leave one.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_administrators(tx: &mut Tx) -> Result<usize, StoreError> {
    const OPEN: &str =
        "select login from staff where role = 'admin' and disabled_at is null order by login";
    const OPEN_POSTGRES: &str = "select login from staff
        where role = 'admin' and disabled_at is null order by login for update";
    let text = if tx.is_postgres() { OPEN_POSTGRES } else { OPEN };
    Ok(run!(values String, tx, text)?.len())
}

/// Changes an account's name, address, role and alliances.
///
/// # Errors
/// [`StoreError::Taken`] when another account has the address.
pub async fn update(tx: &mut Tx, member: &StaffMember) -> Result<(), StoreError> {
    let login = member.login.as_str();
    let text = "update staff set name = $2, email = $3, role = $4 where login = $1";
    let (name, email) = (member.name.as_str(), member.email.as_str());
    run!(exec, tx, text, login, name, email, member.role.as_str())?;
    run!(exec, tx, "delete from staff_alliances where login = $1", login)?;
    write_alliances(tx, member).await
}

/// Closes an account at a moment, or opens it again.
///
/// # Errors
/// [`StoreError`].
pub async fn set_disabled(
    tx: &mut Tx,
    login: &StaffLogin,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let text = "update staff set disabled_at = $2 where login = $1";
    run!(exec, tx, text, login.as_str(), at)?;
    Ok(())
}

async fn read(conn: &mut Conn, row: StaffRow) -> Result<Account, StoreError> {
    let text = "select alliance from staff_alliances where login = $1 order by alliance";
    let slugs = run!(values String, conn, text, row.login.as_str())?;
    let alliances = slugs
        .iter()
        .map(|slug| parse("staff_alliances", "alliance", &row.login, slug))
        .collect::<Result<_, _>>()?;
    let member = StaffMember {
        login: parse("staff", "login", &row.login, &row.login)?,
        email: parse("staff", "email", &row.login, &row.email)?,
        role: parse("staff", "role", &row.login, &row.role)?,
        name: row.name,
        alliances,
    };
    Ok(Account { member, disabled_at: row.disabled_at })
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
    write_alliances(tx, member).await?;
    Ok(true)
}

async fn write_alliances(tx: &mut Tx, member: &StaffMember) -> Result<(), StoreError> {
    for alliance in &member.alliances {
        let text = "insert into staff_alliances (login, alliance) values ($1, $2)";
        run!(exec, tx, text, member.login.as_str(), alliance.as_str())?;
    }
    Ok(())
}
