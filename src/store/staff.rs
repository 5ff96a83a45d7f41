//! Staff accounts.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, rows, window::wanted};
use crate::domain::{
    contact::EmailAddress,
    finding::{search_key, sort_key},
    id::StaffLogin,
    staff::{Account, StaffMember},
};

row! {
    struct StaffRow {
        login: String,
        name: String,
        email: String,
        role: String,
        disabled_at: Option<DateTime<Utc>>,
        about: Option<String>,
    }
}

statements! {
    FIND_BY_EMAIL: StaffRow = "select * from staff where email = $1 and disabled_at is null";

    FIND: StaffRow = "select * from staff where login = $1";

    FIND_ALL: StaffRow = {
        sqlite: "select * from staff where disabled_at is null
            and login in (select value from json_each($1)) order by login",
        postgres: "select * from staff where disabled_at is null
            and login in (select json_array_elements_text($1::json)) order by login",
    };

    SEARCH: StaffRow = {
        sqlite: concat!(
            "select * from staff where ", finds!(sqlite, "$1" in "search_key"),
            " order by disabled_at is not null, sort_key, login limit $2 offset $3"
        ),
        postgres: concat!(
            "select * from staff where ", finds!(postgres, "$1" in "search_key"),
            " order by disabled_at is not null, sort_key, login limit $2 offset $3"
        ),
    };

    COUNT: i64 = {
        sqlite: concat!("select count(*) from staff where ", finds!(sqlite, "$1" in "search_key")),
        postgres:
            concat!("select count(*) from staff where ", finds!(postgres, "$1" in "search_key")),
    };

    LOCK_ADMINISTRATORS: String = {
        sqlite: "select login from staff
            where role = 'admin' and disabled_at is null order by login",
        postgres: "select login from staff
            where role = 'admin' and disabled_at is null order by login for update",
    };

    LOCK = "update staff set version = version + 1 where login = $1";

    UPDATE =
        "update staff set name = $2, email = $3, role = $4, search_key = $5, sort_key = $6,
             about = $7
         where login = $1";

    FORGET_ALLIANCES = "delete from staff_alliances where login = $1";

    SET_DISABLED = "update staff set disabled_at = $2 where login = $1";

    ALLIANCES: String = "select alliance from staff_alliances where login = $1 order by alliance";

    INSERT =
        "insert into staff (login, name, email, role, search_key, sort_key, about)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (login) do nothing";

    ADD_ALLIANCE = "insert into staff_alliances (login, alliance) values ($1, $2)";
}

/// The account with this address, unless it is disabled.
pub async fn find_by_email(
    conn: &mut Conn,
    email: &EmailAddress,
) -> Result<Option<StaffMember>, StoreError> {
    let Some(row) = FIND_BY_EMAIL.optional(conn, [email.as_str()]).await? else { return Ok(None) };
    Ok(Some(read(conn, row).await?.member))
}

/// The account with this login, unless it is disabled.
pub async fn find(conn: &mut Conn, login: &StaffLogin) -> Result<Option<StaffMember>, StoreError> {
    let account = find_account(conn, login).await?;
    Ok(account.filter(|account| account.disabled_at.is_none()).map(|account| account.member))
}

/// The account with this login, closed or not.
pub async fn find_account(
    conn: &mut Conn,
    login: &StaffLogin,
) -> Result<Option<Account>, StoreError> {
    let Some(row) = FIND.optional(conn, [login.as_str()]).await? else { return Ok(None) };
    Ok(Some(read(conn, row).await?))
}

/// The same, not to be changed by anybody else until the transaction ends.
pub async fn lock(tx: &mut Tx, login: &StaffLogin) -> Result<Option<Account>, StoreError> {
    LOCK.run(tx, [login.as_str()]).await?;
    find_account(tx, login).await
}

/// The open accounts among these; of each, what a letter needs.
pub async fn find_all(
    conn: &mut Conn,
    logins: &[StaffLogin],
) -> Result<Vec<StaffMember>, StoreError> {
    if logins.is_empty() {
        return Ok(Vec::new());
    }
    let logins = rows::json(&logins.iter().map(StaffLogin::as_str).collect::<Vec<_>>())?;
    let mut members = Vec::new();
    for row in FIND_ALL.all(conn, [logins]).await? {
        members.push(read(conn, row).await?.member);
    }
    Ok(members)
}

/// Accounts whose name, address or login has all `words`, open ones first, by name.
pub async fn search(
    conn: &mut Conn,
    words: &str,
    window: Window,
) -> Result<Found<Account>, StoreError> {
    let wanted = wanted(words)?;
    let rows = SEARCH.all(conn, (&wanted, window.limit, window.offset)).await?;
    let total = COUNT.value(conn, [&wanted]).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(read(conn, row).await?);
    }
    Ok(Found { items, total })
}

/// How many open accounts may do everything. They stay as they are until the transaction ends, so
/// that two administrators who close each other's accounts at once leave one.
pub async fn lock_administrators(tx: &mut Tx) -> Result<usize, StoreError> {
    Ok(LOCK_ADMINISTRATORS.values(tx, ()).await?.len())
}

/// Changes an account's name, address, role and alliances.
///
/// # Errors
/// [`StoreError::Taken`] when another account has the address.
pub async fn update(tx: &mut Tx, member: &StaffMember) -> Result<(), StoreError> {
    let login = member.login.as_str();
    let (name, email) = (member.name.as_str(), member.email.as_str());
    let (search_key, sort_key) = keys(member);
    let role = member.role.as_str();
    let about = member.about.as_deref();
    UPDATE.run(tx, (login, name, email, role, search_key, sort_key, about)).await?;
    FORGET_ALLIANCES.run(tx, [login]).await?;
    write_alliances(tx, member).await
}

/// Closes an account at a moment, or opens it again.
pub async fn set_disabled(
    tx: &mut Tx,
    login: &StaffLogin,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    SET_DISABLED.run(tx, (login.as_str(), at)).await?;
    Ok(())
}

async fn read(conn: &mut Conn, row: StaffRow) -> Result<Account, StoreError> {
    let slugs = ALLIANCES.values(conn, [row.login.as_str()]).await?;
    let alliances = slugs
        .iter()
        .map(|slug| parse("staff_alliances", "alliance", &row.login, slug))
        .collect::<Result<_, _>>()?;
    let member = StaffMember {
        login: parse("staff", "login", &row.login, &row.login)?,
        email: EmailAddress::stored(&row.email),
        role: parse("staff", "role", &row.login, &row.role)?,
        name: row.name,
        alliances,
        about: row.about,
    };
    Ok(Account { member, disabled_at: row.disabled_at })
}

/// Adds an account, or leaves the one with its login as it is; `true` if it was new.
///
/// # Errors
/// [`StoreError::Taken`] when another account has the address.
pub async fn insert(tx: &mut Tx, member: &StaffMember) -> Result<bool, StoreError> {
    let (login, role) = (member.login.as_str(), member.role.as_str());
    let (name, email) = (member.name.as_str(), member.email.as_str());
    let (search_key, sort_key) = keys(member);
    let about = member.about.as_deref();
    let written = INSERT.run(tx, (login, name, email, role, search_key, sort_key, about)).await?;
    if written == 0 {
        return Ok(false);
    }
    write_alliances(tx, member).await?;
    Ok(true)
}

/// By what an account is found, and where it stands.
fn keys(member: &StaffMember) -> (String, Vec<u8>) {
    let parts = [member.name.as_str(), member.email.as_str(), member.login.as_str()];
    (search_key(parts), sort_key(&member.name))
}

async fn write_alliances(tx: &mut Tx, member: &StaffMember) -> Result<(), StoreError> {
    for alliance in &member.alliances {
        ADD_ALLIANCE.run(tx, (member.login.as_str(), alliance.as_str())).await?;
    }
    Ok(())
}
