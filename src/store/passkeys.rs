//! Passkeys, and the challenges under way.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::{
    domain::{
        id::{PasskeyId, StaffLogin},
        passkey::Passkey,
    },
    token::TokenHash,
};

row! {
    struct PasskeyRow {
        id: Uuid,
        staff: String,
        name: String,
        created_at: DateTime<Utc>,
        last_used_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewPasskey<'a> {
        id: Uuid,
        staff: &'a str,
        credential_id: &'a [u8],
        credential: &'a str,
        name: &'a str,
        created_at: DateTime<Utc>,
    }
}

statements! {
    OF_ADMINISTRATORS: i64 =
        "select count(*) from passkeys p join staff s on s.login = p.staff
         where s.role = 'admin' and s.disabled_at is null";

    OF: PasskeyRow =
        "select id, staff, name, created_at, last_used_at from passkeys
         where staff = $1 order by created_at, id";

    CREDENTIAL_IDS: Vec<u8> = "select credential_id from passkeys where staff = $1";

    LOCK: PasskeyRow = {
        sqlite: "select id, staff, name, created_at, last_used_at from passkeys
            where credential_id = $1",
        postgres: "select id, staff, name, created_at, last_used_at from passkeys
            where credential_id = $1 for update",
    };

    CREDENTIAL: String = "select credential from passkeys where id = $1";

    INSERT(NewPasskey) = "insert into passkeys (:columns) values (:values)";

    MARK_USED = "update passkeys set credential = $2, last_used_at = $3 where id = $1";

    RENAME = "update passkeys set name = $3 where id = $1 and staff = $2";

    REMOVE = "delete from passkeys where id = $1 and staff = $2";

    REMOVE_ALL = "delete from passkeys where staff = $1";

    HANDLE: Uuid =
        "update staff set passkey_handle = coalesce(passkey_handle, $2) where login = $1
         returning passkey_handle";

    HAS_HANDLE: i64 = "select count(*) from staff where login = $1 and passkey_handle = $2";

    MARK_OFFERED =
        "update staff set passkey_offered_at = $2
         where login = $1 and passkey_offered_at is null";

    FORGET_CEREMONIES = "delete from passkey_ceremonies where expires_at <= $1";

    OPEN_CEREMONY =
        "insert into passkey_ceremonies (token_hash, staff, state, expires_at)
         values ($1, $2, $3, $4)";

    TAKE_CEREMONY: String =
        "delete from passkey_ceremonies
         where token_hash = $1 and expires_at > $2 and (staff = $3 or (staff is null and $3 is null))
         returning state";
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
pub async fn of(conn: &mut Conn, login: &StaffLogin) -> Result<Vec<Passkey>, StoreError> {
    let rows = OF.all(conn, [login.as_str()]).await?;
    rows.into_iter().map(PasskeyRow::read).collect()
}

/// What the authenticators call somebody's passkeys.
pub async fn credential_ids(
    conn: &mut Conn,
    login: &StaffLogin,
) -> Result<Vec<Vec<u8>>, StoreError> {
    CREDENTIAL_IDS.values(conn, [login.as_str()]).await
}

/// A passkey with its key, by what its authenticator calls it. It stays as it is until the
/// transaction ends, so that of two answers with one count only the first is taken.
pub async fn lock_credential(
    tx: &mut Tx,
    credential_id: &[u8],
) -> Result<Option<(Passkey, String)>, StoreError> {
    let Some(row) = LOCK.optional(tx, [credential_id]).await? else { return Ok(None) };
    let credential = CREDENTIAL.value(tx, [row.id]).await?;
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
    let new = NewPasskey {
        id: passkey.id.uuid(),
        staff: passkey.owner.as_str(),
        credential_id,
        credential,
        name: passkey.name.as_str(),
        created_at: passkey.created_at,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// Remembers that a passkey signed its owner in, and its key with the counter as it is now.
pub async fn mark_used(
    tx: &mut Tx,
    id: PasskeyId,
    credential: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    MARK_USED.run(tx, (id.uuid(), credential, at)).await?;
    Ok(())
}

/// Gives one of somebody's passkeys another name; `false` if it is not theirs.
pub async fn rename(
    tx: &mut Tx,
    login: &StaffLogin,
    id: PasskeyId,
    name: &str,
) -> Result<bool, StoreError> {
    Ok(RENAME.run(tx, (id.uuid(), login.as_str(), name)).await? == 1)
}

/// Removes one of somebody's passkeys; `false` if it is not theirs.
pub async fn remove(tx: &mut Tx, login: &StaffLogin, id: PasskeyId) -> Result<bool, StoreError> {
    Ok(REMOVE.run(tx, (id.uuid(), login.as_str())).await? == 1)
}

/// Removes all of somebody's passkeys; how many there were.
pub async fn remove_all(tx: &mut Tx, login: &StaffLogin) -> Result<u64, StoreError> {
    REMOVE_ALL.run(tx, [login.as_str()]).await
}

/// What somebody's passkeys know them by: the handle they have, or else `fresh` from now on.
pub async fn handle(tx: &mut Tx, login: &StaffLogin, fresh: Uuid) -> Result<Uuid, StoreError> {
    HANDLE.value(tx, (login.as_str(), fresh)).await
}

/// Whose passkeys know them by this handle.
pub async fn has_handle(
    conn: &mut Conn,
    login: &StaffLogin,
    handle: Uuid,
) -> Result<bool, StoreError> {
    Ok(HAS_HANDLE.value(conn, (login.as_str(), handle)).await? == 1)
}

/// Marks that somebody was asked whether they would like a passkey; `true` the first time.
pub async fn mark_offered(
    tx: &mut Tx,
    login: &StaffLogin,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(MARK_OFFERED.run(tx, (login.as_str(), at)).await? == 1)
}

/// Keeps a challenge until it is answered or `expires_at`, and forgets those that ran out.
/// `login` is who adds a passkey, or `None` for a sign-in.
pub async fn open_ceremony(
    tx: &mut Tx,
    hash: TokenHash,
    login: Option<&StaffLogin>,
    state: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    FORGET_CEREMONIES.run(tx, [now]).await?;
    OPEN_CEREMONY.run(tx, (&hash.0[..], login.map(StaffLogin::as_str), state, expires_at)).await?;
    Ok(())
}

/// Takes a challenge that was opened for `login`, which can be done once.
pub async fn take_ceremony(
    tx: &mut Tx,
    hash: TokenHash,
    login: Option<&StaffLogin>,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let row =
        TAKE_CEREMONY.optional_value(tx, (&hash.0[..], now, login.map(StaffLogin::as_str))).await?;
    Ok(row)
}

/// Whether an administrator has a passkey.
pub async fn has_an_administrator(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(OF_ADMINISTRATORS.value(conn, ()).await? > 0)
}
