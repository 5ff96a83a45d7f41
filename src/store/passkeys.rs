//! Passkeys, and the challenges under way.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::{
    domain::{
        id::{PasskeyId, StaffLogin},
        passkey::Passkey,
    },
    token::TokenHash,
};

#[derive(FromRow)]
struct PasskeyRow {
    id: Uuid,
    staff: String,
    name: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl PasskeyRow {
    fn read(self) -> Result<Passkey, StoreError> {
        Ok(Passkey {
            id: PasskeyId::new(self.id),
            owner: parse("passkeys", "staff", &self.id, &self.staff)?,
            name: self.name,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

/// Somebody's passkeys, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of(conn: &mut Conn, login: &StaffLogin) -> Result<Vec<Passkey>, StoreError> {
    let text = "select id, staff, name, created_at, last_used_at from passkeys
                where staff = $1 order by created_at, id";
    let rows = run!(all PasskeyRow, conn, text, login.as_str())?;
    rows.into_iter().map(PasskeyRow::read).collect()
}

/// What the authenticators call somebody's passkeys.
///
/// # Errors
/// [`StoreError`].
pub async fn credential_ids(
    conn: &mut Conn,
    login: &StaffLogin,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let text = "select credential_id from passkeys where staff = $1";
    run!(values Vec<u8>, conn, text, login.as_str())
}

/// A passkey with its key, by what its authenticator calls it. It stays as it is until the
/// transaction ends, so that of two answers with one count only the first is taken.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_credential(
    tx: &mut Tx,
    credential_id: &[u8],
) -> Result<Option<(Passkey, String)>, StoreError> {
    const FIND: &str = "select id, staff, name, created_at, last_used_at from passkeys
        where credential_id = $1";
    const FIND_POSTGRES: &str = "select id, staff, name, created_at, last_used_at from passkeys
        where credential_id = $1 for update";
    let text = if tx.is_postgres() { FIND_POSTGRES } else { FIND };
    let Some(row) = run!(opt PasskeyRow, tx, text, credential_id)? else { return Ok(None) };
    let text = "select credential from passkeys where id = $1";
    let credential = run!(value String, tx, text, row.id)?;
    Ok(Some((row.read()?, credential)))
}

/// Adds a passkey with its key.
///
/// # Errors
/// [`StoreError::Taken`] when it is somebody's already.
pub async fn insert(
    tx: &mut Tx,
    passkey: &Passkey,
    credential_id: &[u8],
    credential: &str,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "insert into passkeys (id, staff, credential_id, credential, name, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        passkey.id.uuid(),
        passkey.owner.as_str(),
        credential_id,
        credential,
        passkey.name.as_str(),
        passkey.created_at,
    )?;
    Ok(())
}

/// Remembers that a passkey signed its owner in, and its key with the counter as it is now.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_used(
    tx: &mut Tx,
    id: PasskeyId,
    credential: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let text = "update passkeys set credential = $2, last_used_at = $3 where id = $1";
    run!(exec, tx, text, id.uuid(), credential, at)?;
    Ok(())
}

/// Gives one of somebody's passkeys another name; `false` if it is not theirs.
///
/// # Errors
/// [`StoreError`].
pub async fn rename(
    tx: &mut Tx,
    login: &StaffLogin,
    id: PasskeyId,
    name: &str,
) -> Result<bool, StoreError> {
    let text = "update passkeys set name = $3 where id = $1 and staff = $2";
    Ok(run!(exec, tx, text, id.uuid(), login.as_str(), name)? == 1)
}

/// Removes one of somebody's passkeys; `false` if it is not theirs.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, login: &StaffLogin, id: PasskeyId) -> Result<bool, StoreError> {
    let text = "delete from passkeys where id = $1 and staff = $2";
    Ok(run!(exec, tx, text, id.uuid(), login.as_str())? == 1)
}

/// Removes all of somebody's passkeys; how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_all(tx: &mut Tx, login: &StaffLogin) -> Result<u64, StoreError> {
    run!(exec, tx, "delete from passkeys where staff = $1", login.as_str())
}

/// What somebody's passkeys know them by: the handle they have, or else `fresh` from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn handle(tx: &mut Tx, login: &StaffLogin, fresh: Uuid) -> Result<Uuid, StoreError> {
    let text = "update staff set passkey_handle = coalesce(passkey_handle, $2) where login = $1
                returning passkey_handle";
    run!(value Uuid, tx, text, login.as_str(), fresh)
}

/// Whose passkeys know them by this handle.
///
/// # Errors
/// [`StoreError`].
pub async fn has_handle(
    conn: &mut Conn,
    login: &StaffLogin,
    handle: Uuid,
) -> Result<bool, StoreError> {
    let text = "select count(*) from staff where login = $1 and passkey_handle = $2";
    Ok(run!(value i64, conn, text, login.as_str(), handle)? == 1)
}

/// Marks that somebody was asked whether they would like a passkey; `true` the first time.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_offered(
    tx: &mut Tx,
    login: &StaffLogin,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let text = "update staff set passkey_offered_at = $2
                where login = $1 and passkey_offered_at is null";
    Ok(run!(exec, tx, text, login.as_str(), at)? == 1)
}

/// Keeps a challenge until it is answered or `expires_at`, and forgets those that ran out.
/// `login` is who adds a passkey, or `None` for a sign-in.
///
/// # Errors
/// [`StoreError`].
pub async fn open_ceremony(
    tx: &mut Tx,
    hash: TokenHash,
    login: Option<&StaffLogin>,
    state: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    run!(exec, tx, "delete from passkey_ceremonies where expires_at <= $1", now)?;
    run!(
        exec,
        tx,
        "insert into passkey_ceremonies (token_hash, staff, state, expires_at)
         values ($1, $2, $3, $4)",
        &hash.0[..],
        login.map(StaffLogin::as_str),
        state,
        expires_at,
    )?;
    Ok(())
}

/// Takes a challenge that was opened for `login`, which can be done once.
///
/// # Errors
/// [`StoreError`].
pub async fn take_ceremony(
    tx: &mut Tx,
    hash: TokenHash,
    login: Option<&StaffLogin>,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let row = run!(
        opt (String,), tx,
        "delete from passkey_ceremonies
         where token_hash = $1 and expires_at > $2 and (staff = $3 or (staff is null and $3 is null))
         returning state",
        &hash.0[..], now, login.map(StaffLogin::as_str),
    )?;
    Ok(row.map(|(state,)| state))
}
