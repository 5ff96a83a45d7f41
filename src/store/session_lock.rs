//! The lock that every change of places begins with: the session's row.
//!
//! SQLite takes its one write lock for it, PostgreSQL the lock of that row. Whoever writes a place
//! must show a [`Locked`], and only the functions here make one, so a place that is written without
//! the lock does not compile.

use std::ops::{Deref, DerefMut};

use super::{StoreError, Tx, codec::parse};
use crate::domain::id::{RegistrationId, SessionCode};

statements! {
    LOCK_OF_REGISTRATION: (String, String, i32) =
        "update sessions set version = version + 1
         where code = (select session from registrations where id = $1)
         returning code, kept_for, promised";

    LOCK_ROW: (String, i32) =
        "update sessions set version = version + 1 where code = $1 returning kept_for, promised";

    NEXT_QUEUE_NUMBER: i64 =
        "update sessions set last_queue = last_queue + 1 where code = $1
         returning last_queue";
}

/// A session whose row is locked until its transaction ends. Derefs to the transaction.
pub struct Locked<'a> {
    tx: &'a mut Tx,
    session: SessionCode,
    /// Whether any of its places are kept for a group.
    keeps_places: bool,
    /// Whether any are promised to somebody who is told later.
    promises: bool,
}

/// What is set aside of a session, as its row says.
#[derive(Debug, Clone, Copy)]
struct SetAside {
    keeps_places: bool,
    promises: bool,
}

impl SetAside {
    fn of(kept_for: &str, promised: i32) -> Self {
        Self { keeps_places: !kept_for.is_empty(), promises: promised > 0 }
    }
}

impl<'a> Locked<'a> {
    fn with(tx: &'a mut Tx, session: SessionCode, aside: SetAside) -> Self {
        let SetAside { keeps_places, promises } = aside;
        Self { tx, session, keeps_places, promises }
    }

    /// The session.
    pub fn session(&self) -> &SessionCode {
        &self.session
    }

    /// Whether any of its places are kept for a group.
    pub fn keeps_places(&self) -> bool {
        self.keeps_places
    }

    /// Whether any of its places are promised to somebody who is told later.
    pub(super) fn promises(&self) -> bool {
        self.promises
    }

    pub(super) fn now_promises(&mut self, promises: bool) {
        self.promises = promises;
    }

    pub(super) fn now_keeps_places(&mut self, keeps: bool) {
        self.keeps_places = keeps;
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
    from: (SessionCode, SetAside),
    to: (SessionCode, SetAside),
}

impl LockedPair<'_> {
    /// The session they leave.
    pub fn from(&mut self) -> Locked<'_> {
        let (session, aside) = self.from.clone();
        Locked::with(self.tx, session, aside)
    }

    /// The session they come to.
    pub fn to(&mut self) -> Locked<'_> {
        let (session, aside) = self.to.clone();
        Locked::with(self.tx, session, aside)
    }
}

/// Locks a session; `None` if there is no such session.
pub async fn lock<'a>(
    tx: &'a mut Tx,
    session: &SessionCode,
) -> Result<Option<Locked<'a>>, StoreError> {
    let Some(aside) = lock_row(tx, session).await? else { return Ok(None) };
    Ok(Some(Locked::with(tx, session.clone(), aside)))
}

/// Locks the session that a registration is for; `None` if there is no such registration.
pub async fn lock_of_registration(
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Option<Locked<'_>>, StoreError> {
    let row = LOCK_OF_REGISTRATION.optional(tx, [id.uuid()]).await?;
    let Some((code, kept_for, promised)) = row else { return Ok(None) };
    let session = parse("sessions", "code", &code, &code)?;
    Ok(Some(Locked::with(tx, session, SetAside::of(&kept_for, promised))))
}

/// Locks two sessions, always in the same order, so that two moves never wait for each other;
/// `None` if one of them is missing.
pub async fn lock_pair<'a>(
    tx: &'a mut Tx,
    from: &SessionCode,
    to: &SessionCode,
) -> Result<Option<LockedPair<'a>>, StoreError> {
    let (first, last) = (from.min(to), from.max(to));
    let Some(first_keeps) = lock_row(tx, first).await? else { return Ok(None) };
    let Some(last_keeps) = lock_row(tx, last).await? else { return Ok(None) };
    let keeps = |code: &SessionCode| if code == first { first_keeps } else { last_keeps };
    let (from, to) = ((from.clone(), keeps(from)), (to.clone(), keeps(to)));
    Ok(Some(LockedPair { tx, from, to }))
}

/// Locks some sessions, always in the same order, whichever order they come in.
pub async fn lock_all<'s>(
    tx: &mut Tx,
    sessions: impl Iterator<Item = &'s SessionCode>,
) -> Result<(), StoreError> {
    let mut all: Vec<_> = sessions.collect();
    all.sort_unstable();
    all.dedup();
    for session in all {
        lock_row(tx, session).await?;
    }
    Ok(())
}

/// What is set aside of it; `None` if there is no such session.
async fn lock_row(tx: &mut Tx, session: &SessionCode) -> Result<Option<SetAside>, StoreError> {
    let row = LOCK_ROW.optional(tx, [session.as_str()]).await?;
    Ok(row.map(|(kept_for, promised)| SetAside::of(&kept_for, promised)))
}

/// The next number in the session's queue (W1).
pub async fn next_queue_number(locked: &mut Locked<'_>) -> Result<i64, StoreError> {
    let (tx, session) = locked.parts();
    NEXT_QUEUE_NUMBER.value(tx, [session.as_str()]).await
}
