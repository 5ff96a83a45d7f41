//! Connections to PostgreSQL that may be hung, cut off, or gone.
//!
//! Whoever serves visitors waits for nothing without an end: the server is told how long a statement, a
//! lock and an idle transaction may take, and since a server that stands still keeps no time, we look
//! at the clock as well. A connection that failed is thrown away, not put back. One that was cut off
//! while it lay idle is replaced before anybody notices: it is tested before it is used again.

use std::{str::FromStr, time::Duration};

use deadpool::managed::Object;
use sqlx::{Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions};
use tokio::{runtime::Handle, time::timeout};

use super::{
    StoreError,
    bulkhead::{Bulkheads, Pass},
    pool::{Lent, Pool, TEST, Trouble},
};

/// How long somebody who serves visitors waits for PostgreSQL. Long work (migrations, imports, exports)
/// waits as long as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection, or for one to open.
    pub connection: Duration,
    /// For a row that somebody else has locked.
    pub lock: Duration,
    /// For a statement.
    pub statement: Duration,
    /// How long a transaction of ours may stand open while nobody works on it.
    pub idle: Duration,
}

/// How many connections there are to read through, and to write through. They are apart, so that those
/// who wait for a locked row do not stop those who read.
const READERS: usize = 6;
const WRITERS: usize = 10;

/// How much longer than the server we wait for a statement.
const GRACE: Duration = Duration::from_secs(2);

/// How PostgreSQL plans our statements: compiling one takes longer than any of them runs, and what is
/// read lies in memory or on a disk without arms. And after how many seconds it asks whether we are
/// still there.
const SETTINGS: [(&str, &str); 6] = [
    ("jit", "off"),
    // A hundred thousand lines of the log are sorted in memory: with the 4 MB that are usual, on the disk.
    ("work_mem", "16MB"),
    ("random_page_cost", "1.1"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
];

/// Both pools of connections.
#[derive(Clone)]
pub(in crate::store) struct Pools {
    pub(super) read: Pool<PgConnection>,
    pub(super) write: Pool<PgConnection>,
    bulkheads: Bulkheads,
    patience: Option<Patience>,
    trouble: Trouble,
}

impl Pools {
    /// Opens the first connection of each.
    pub(super) async fn open(url: &str, patience: Option<Patience>) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(url)?.options(SETTINGS);
        if let Some(patience) = patience {
            let milliseconds = |time: Duration| time.as_millis().to_string();
            options = options.options([
                ("statement_timeout", milliseconds(patience.statement)),
                ("lock_timeout", milliseconds(patience.lock)),
                ("idle_in_transaction_session_timeout", milliseconds(patience.idle)),
            ]);
        }
        let trouble = Trouble::default();
        let wait = patience.map_or(Duration::from_secs(10), |patience| patience.connection);
        let read = Pool::open(options.clone(), Some(trouble.clone()), READERS, wait).await?;
        let write = Pool::open(options, Some(trouble.clone()), WRITERS, wait).await?;
        Ok(Self { read, write, bulkheads: Bulkheads::default(), patience, trouble })
    }

    /// A connection to read through.
    pub(super) async fn reader(&self) -> Result<Lease, StoreError> {
        Lease::new(&self.read, self).await
    }

    /// A transaction that `begin` begins, such as `begin`. One that cannot begin because its connection
    /// was cut off begins on another: nothing has happened yet.
    pub(super) async fn begin(&self, begin: &'static str) -> Result<Lease, StoreError> {
        let mut lease = self.writer().await?;
        let mut begun = lease.run(begin).await;
        if begun.as_ref().is_err_and(is_cut_off) {
            lease = self.writer().await?;
            begun = lease.run(begin).await;
        }
        begun?;
        Ok(lease)
    }

    /// Waits to be let through to a session that many may write to.
    pub(super) async fn pass(&self, session: &str) -> Result<Pass, StoreError> {
        self.bulkheads.pass(session, self.patience.map(|patience| patience.lock)).await
    }

    /// A connection on which a transaction is about to begin: whoever gives up while it does may leave it open.
    async fn writer(&self) -> Result<Lease, StoreError> {
        let mut lease = Lease::new(&self.write, self).await?;
        lease.is_open = true;
        Ok(lease)
    }

    /// Brings the tables up to date.
    pub(super) async fn migrate(&self, migrations: &Migrator) -> Result<(), StoreError> {
        let mut conn = self.write.lend().await?;
        Ok(migrations.run_direct(None, &mut *conn, false).await?)
    }

    pub(super) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A connection in somebody's hands.
pub(in crate::store) struct Lease {
    /// There until it is dropped.
    conn: Option<Lent<PgConnection>>,
    pool: Pool<PgConnection>,
    trouble: Trouble,
    /// How long a statement may take.
    limit: Option<Duration>,
    /// Whether a transaction is open on it.
    is_open: bool,
    /// Whether it was asked something and the answer was not heard to its end.
    is_asked: bool,
    is_broken: bool,
}

impl Lease {
    async fn new(pool: &Pool<PgConnection>, pools: &Pools) -> Result<Self, StoreError> {
        Ok(Self {
            conn: Some(pool.lend().await?),
            pool: pool.clone(),
            trouble: pools.trouble.clone(),
            limit: pools.patience.map(|patience| patience.statement + GRACE),
            is_open: false,
            is_asked: false,
            is_broken: false,
        })
    }

    /// The connection, and how long a statement may take on it.
    pub(super) fn connection(
        &mut self,
    ) -> Result<(&mut PgConnection, Option<Duration>), sqlx::Error> {
        let conn = self.conn.as_deref_mut().filter(|_| !self.is_broken);
        self.is_asked = true;
        Ok((conn.ok_or(sqlx::Error::WorkerCrashed)?, self.limit))
    }

    /// Takes note of how a statement went.
    pub(super) fn note<T>(&mut self, done: &Result<T, sqlx::Error>) {
        match done {
            Ok(_) => self.is_asked = false,
            Err(error) => self.note_failure(error),
        }
    }

    fn note_failure(&mut self, error: &sqlx::Error) {
        // Any other failure is of what was read, perhaps with more to read behind it.
        if matches!(error, sqlx::Error::Database(_)) {
            self.is_asked = false;
        }
        if is_cut_off(error) || matches!(error, sqlx::Error::PoolTimedOut) {
            self.is_broken = true;
            self.trouble.note();
        }
    }

    /// Takes another connection instead of one that was cut off, where nothing was begun on it; whether
    /// the statement that failed with `error` may be tried once more.
    pub(super) async fn replaced(&mut self, error: &sqlx::Error) -> bool {
        if self.is_open || !is_cut_off(error) {
            return false;
        }
        self.note_failure(error);
        let Ok(another) = self.pool.lend().await else { return false };
        if let Some(old) = self.conn.replace(another) {
            drop(Object::take(old));
        }
        self.is_asked = false;
        self.is_broken = false;
        true
    }

    async fn run(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        let (conn, limit) = self.connection()?;
        let done = within(limit, sqlx::query(text).execute(conn)).await;
        self.note(&done);
        done.map(|_| ())
    }

    /// Makes the transaction durable.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let done = self.run("commit").await;
        self.is_open = done.is_err();
        match done {
            // The server may have done it before it went away.
            Err(error) if self.is_broken => Err(StoreError::Unsure(error)),
            done => Ok(done?),
        }
    }
}

impl Drop for Lease {
    /// Gives the connection back, once a transaction that was not committed is undone and what it was asked in
    /// vain is answered; throws it away if it is broken, or that takes too long.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if !self.is_broken && !self.is_open && !self.is_asked {
            return;
        }
        let Some(runtime) = Handle::try_current().ok().filter(|_| !self.is_broken) else {
            return drop(Object::take(conn));
        };
        let is_open = self.is_open;
        runtime.spawn(async move {
            let settled = async {
                match is_open {
                    true => sqlx::query("rollback").execute(&mut *conn).await.map(|_| ()),
                    false => conn.ping().await,
                }
            };
            if !matches!(timeout(TEST, settled).await, Ok(Ok(()))) {
                drop(Object::take(conn));
            }
        });
    }
}

/// Waits for a statement, but not longer than `limit`.
pub(super) async fn within<T>(
    limit: Option<Duration>,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    match limit {
        None => statement.await,
        Some(limit) => timeout(limit, statement).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)),
    }
}

/// Whether an error says that the connection is gone.
fn is_cut_off(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
            code.starts_with("08")
                || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(&&*code)
        }),
        _ => false,
    }
}
