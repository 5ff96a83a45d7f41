//! The lock that every change of places begins with: the session's row.
//!
//! SQLite takes its one write lock for it, PostgreSQL the lock of that row. Whoever writes a place
//! must show a [`Locked`], and only the functions here make one, so a place that is written without
//! the lock does not compile.

use std::ops::{Deref, DerefMut};

use super::{StoreError, Tx, codec::parse};
use crate::domain::id::{RegistrationId, SessionCode};

statements! {
    LOCK_OF_REGISTRATION: String =
        "update sessions set version = version + 1
         where code = (select session from registrations where id = $1) returning code";

    LOCK_ROW = "update sessions set version = version + 1 where code = $1";

    NEXT_QUEUE_NUMBER: i64 =
        "update sessions set last_queue = last_queue + 1 where code = $1
         returning last_queue";
}

/// A session whose row is locked until its transaction ends. Derefs to the transaction.
pub struct Locked<'a> {
    tx: &'a mut Tx,
    session: SessionCode,
}

impl Locked<'_> {
    /// The session.
    pub fn session(&self) -> &SessionCode {
        &self.session
    }

    /// Both at once, for a statement that names the session.
    pub(super) fn parts(&mut self) -> (&mut Tx, &SessionCode) {
        (self.tx, &self.session)
    }
}

impl Deref for Locked<'_> {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        self.tx
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Tx {
        self.tx
    }
}

/// Two sessions whose rows are locked, for those who move from one to the other.
pub struct LockedPair<'a> {
    tx: &'a mut Tx,
    from: SessionCode,
    to: SessionCode,
}

impl LockedPair<'_> {
    /// The session they leave.
    pub fn from(&mut self) -> Locked<'_> {
        Locked { tx: self.tx, session: self.from.clone() }
    }

    /// The session they come to.
    pub fn to(&mut self) -> Locked<'_> {
        Locked { tx: self.tx, session: self.to.clone() }
    }
}

/// Locks a session; `None` if there is no such session.
pub async fn lock<'a>(
    tx: &'a mut Tx,
    session: &SessionCode,
) -> Result<Option<Locked<'a>>, StoreError> {
    let is_there = lock_row(tx, session).await?;
    Ok(is_there.then(|| Locked { tx, session: session.clone() }))
}

/// Locks the session that a registration is for; `None` if there is no such registration.
pub async fn lock_of_registration(
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Option<Locked<'_>>, StoreError> {
    let row = LOCK_OF_REGISTRATION.optional_value(tx, [id.uuid()]).await?;
    let Some(code) = row else { return Ok(None) };
    let session = parse("sessions", "code", &code, &code)?;
    Ok(Some(Locked { tx, session }))
}

/// Locks two sessions, always in the same order, so that two moves never wait for each other;
/// `None` if one of them is missing.
pub async fn lock_pair<'a>(
    tx: &'a mut Tx,
    from: &SessionCode,
    to: &SessionCode,
) -> Result<Option<LockedPair<'a>>, StoreError> {
    for session in [from.min(to), from.max(to)] {
        if !lock_row(tx, session).await? {
            return Ok(None);
        }
    }
    Ok(Some(LockedPair { tx, from: from.clone(), to: to.clone() }))
}

async fn lock_row(tx: &mut Tx, session: &SessionCode) -> Result<bool, StoreError> {
    Ok(LOCK_ROW.run(tx, [session.as_str()]).await? == 1)
}

/// The next number in the session's queue (W1).
pub async fn next_queue_number(locked: &mut Locked<'_>) -> Result<i64, StoreError> {
    let (tx, session) = locked.parts();
    NEXT_QUEUE_NUMBER.value(tx, [session.as_str()]).await
}
