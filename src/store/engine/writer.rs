//! SQLite's one writer, and how those who wait for it share a commit.
//!
//! Whoever commits while others wait leaves the transaction open. Each of them writes into it in
//! turn, behind a savepoint of its own, and then one COMMIT makes all of it durable; nobody is
//! answered before. So the disk is waited for once, not once for each booking, and whoever is alone
//! pays nothing for it.
//!
//! A turn that fails or is dropped goes back to its savepoint and takes nothing from the others.
//! Should the database itself give the transaction up (a full disk), all of them are told that it
//! failed, and nothing of it happened. The connection is not trusted after that: whoever has the next
//! turn opens another, so that writing goes on by itself once there is room.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions,
};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard, oneshot},
    time::timeout,
};

use super::StoreError;

/// How long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The one connection that writes. Turns are first come, first served.
#[derive(Clone)]
pub(in crate::store) struct Writer {
    group: Arc<Mutex<Option<Group>>>,
    waiting: Arc<AtomicUsize>,
}

struct Group {
    conn: SqliteConnection,
    /// How to open another.
    options: SqliteConnectOptions,
    /// Those who have committed and wait for the disk; the transaction is open while there are any.
    /// One that is dropped unheard learns that it failed.
    members: Vec<oneshot::Sender<()>>,
    /// Whether the savepoint of the last of them stands yet. Whoever is next takes it away with the same
    /// question that sets its own.
    has_savepoint: bool,
    /// Whether the last turn ended without a commit, so that its writes are still to be undone.
    is_dirty: bool,
    /// Whether something failed that nobody asked for, so that nobody knows what state the connection
    /// is in.
    is_suspect: bool,
}

type Guard = OwnedMappedMutexGuard<Option<Group>, Group>;

/// A turn to write. Dropped without [`Turn::commit`], it never happened.
pub(in crate::store) struct Turn {
    group: Guard,
    writer: Writer,
    is_done: bool,
}

/// Counts somebody who waits, however the waiting ends.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    /// Opens the connection.
    pub(super) async fn open(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let conn = options.connect().await?;
        let group = Group {
            conn,
            options,
            members: Vec::new(),
            has_savepoint: false,
            is_dirty: false,
            is_suspect: false,
        };
        Ok(Self { group: Arc::new(Mutex::new(Some(group))), waiting: Arc::default() })
    }

    /// Waits for a turn and begins it.
    pub(super) async fn begin(&self) -> Result<Turn, StoreError> {
        let group = self.lock().await?;
        let mut turn = Turn { group, writer: self.clone(), is_done: false };
        if turn.group.is_clean() {
            // The first of its group needs no savepoint: to undo it is to undo the transaction.
            match turn.group.run("begin immediate").await {
                Ok(()) => return Ok(turn),
                Err(error) if !turn.group.is_suspect => return Err(error),
                // Perhaps another connection can.
                Err(error) => log::warn!("a transaction could not begin: {error}"),
            }
        }
        // In a task, so that nobody who loses interest leaves the others' work half-way.
        let begun = tokio::spawn(async move {
            turn.group.tidy().await?;
            let has_savepoint = std::mem::take(&mut turn.group.has_savepoint);
            let text = match turn.group.members.is_empty() {
                true => "begin immediate",
                false if has_savepoint => "release turn; savepoint turn",
                false => "savepoint turn",
            };
            turn.group.run(text).await.map(|()| turn)
        });
        begun.await.map_err(|_| StoreError::from(sqlx::Error::WorkerCrashed))?
    }

    /// How many wait for a turn.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Brings the tables up to date.
    pub(super) async fn migrate(&self, migrations: &Migrator) -> Result<(), StoreError> {
        let mut group = self.lock().await?;
        group.tidy().await?;
        Ok(migrations.run_direct(None, &mut group.conn, false).await?)
    }

    /// Writes the whole file anew, without what was deleted before that wiped it.
    pub(super) async fn rewrite(&self) -> Result<(), StoreError> {
        let mut group = self.lock().await?;
        group.tidy().await?;
        for text in ["vacuum", "pragma wal_checkpoint(truncate)"] {
            sqlx::query(text).execute(&mut group.conn).await?;
        }
        Ok(())
    }

    /// Closes the connection once whoever has begun is done.
    pub(super) async fn close(&self) {
        self.clone().finish().await;
        if let Some(group) = self.group.lock().await.take()
            && let Err(error) = group.conn.close().await
        {
            log::warn!("the database did not close cleanly: {error}");
        }
    }

    async fn lock(&self) -> Result<Guard, StoreError> {
        let waiting = Waiting::new(&self.waiting);
        let lock = timeout(PATIENCE, Arc::clone(&self.group).lock_owned()).await;
        drop(waiting);
        let guard = lock.map_err(|_| sqlx::Error::PoolTimedOut)?;
        Ok(OwnedMutexGuard::try_map(guard, Option::as_mut).map_err(|_| sqlx::Error::PoolClosed)?)
    }

    /// Ends the group: undoes what was dropped, and makes durable what was committed.
    async fn finish(self) {
        let guard = self.group.lock_owned().await;
        let Ok(mut group) = OwnedMutexGuard::try_map(guard, Option::as_mut) else { return };
        if let Err(error) = group.tidy().await {
            log::error!("the database cannot be opened to write: {error}");
        }
        if group.members.is_empty() {
            return;
        }
        group.has_savepoint = false;
        match group.run("commit").await {
            Ok(()) => group.members.drain(..).for_each(|member| {
                // Whoever has gone away meanwhile need not hear it.
                let _ = member.send(());
            }),
            Err(error) => {
                log::error!("a commit failed, and nothing of it happened: {error}");
                group.give_up().await;
            }
        }
    }
}

impl Group {
    async fn run(&mut self, text: &'static str) -> Result<(), StoreError> {
        let done = sqlx::query(text).execute(&mut self.conn).await.map_err(StoreError::from);
        // Another process that writes for long is no fault of the connection's.
        self.is_suspect |= done.as_ref().is_err_and(|error| !error.is_busy());
        done.map(|_| ())
    }

    /// Whether the next turn finds nothing but an idle connection.
    fn is_clean(&self) -> bool {
        self.members.is_empty() && !self.is_dirty && !self.is_suspect
    }

    /// Undoes the writes of a turn that ended without a commit; opens another connection if this one
    /// is not trusted.
    async fn tidy(&mut self) -> Result<(), StoreError> {
        let is_dirty = std::mem::take(&mut self.is_dirty);
        if is_dirty && !self.is_suspect {
            self.undo().await;
        }
        if self.is_suspect {
            // Whoever was to be made durable learns that it was not.
            self.members.clear();
            self.has_savepoint = false;
            let _ = sqlx::query("rollback").execute(&mut self.conn).await;
            let another = self.options.connect().await?;
            let old = std::mem::replace(&mut self.conn, another);
            self.is_suspect = false;
            log::warn!("the connection that writes was replaced");
            if let Err(error) = old.close().await {
                log::warn!("the one before did not close cleanly: {error}");
            }
        }
        Ok(())
    }

    async fn undo(&mut self) {
        let is_alone = self.members.is_empty();
        let undone = !is_alone
            && self.run("rollback to turn").await.is_ok()
            && self.run("release turn").await.is_ok();
        if !undone {
            self.give_up().await;
        }
    }

    /// Undoes everything; whoever was to be made durable learns that it was not. There may be
    /// nothing left to undo, when the database has done so itself.
    async fn give_up(&mut self) {
        let _ = self.run("rollback").await;
        self.members.clear();
        self.has_savepoint = false;
    }
}

impl Turn {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.group.conn
    }

    /// Takes note of a statement that failed. For want of room or memory, or by an error of the disk,
    /// SQLite may have given up the whole transaction.
    pub(super) fn note(&mut self, error: &StoreError) {
        self.group.is_suspect |= matches!(error, StoreError::Unavailable(_));
    }

    /// Makes everything written in this turn durable, alone or together with others.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if self.group.is_suspect {
            return Err(sqlx::Error::WorkerCrashed.into());
        }
        let is_first = self.group.members.is_empty();
        if is_first && self.writer.waiting.load(Ordering::Acquire) == 0 {
            self.group.run("commit").await?;
            self.is_done = true;
            return Ok(());
        }
        self.join(is_first).await.map_err(|_| sqlx::Error::WorkerCrashed.into())
    }

    /// Leaves the commit to a task that queues behind those who wait now.
    fn join(mut self, is_first: bool) -> oneshot::Receiver<()> {
        let (member, heard) = oneshot::channel();
        self.group.members.push(member);
        self.group.has_savepoint = !is_first;
        self.is_done = true;
        if is_first {
            tokio::spawn(self.writer.clone().finish());
        }
        heard
    }
}

impl Drop for Turn {
    /// What was not committed is undone at once by a task, or by whoever has the next turn.
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        self.group.is_dirty = true;
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(self.writer.clone().finish());
        }
    }
}

#[cfg(test)]
mod tests;
