//! Connections to PostgreSQL that may be hung, cut off, or gone.
//!
//! Whoever serves visitors waits for nothing without an end: the server is told how long a statement, a
//! lock and an idle transaction may take, and since a server that stands still keeps no time, we look
//! at the clock as well. A connection that failed is thrown away, not put back. One that was cut off
//! while it lay idle is replaced before anybody notices: it is tested before it is used again.

use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{runtime::Handle, time::timeout};

use super::StoreError;

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
const READERS: u32 = 6;
const WRITERS: u32 = 10;

/// How much longer than the server we wait for a statement.
const GRACE: Duration = Duration::from_secs(2);

/// After how long a connection that lay idle is tested before it is used: firewalls forget them.
const IDLE: Duration = Duration::from_secs(30);

/// How long a test may take, and what is done to a connection that nobody waits for.
const TEST: Duration = Duration::from_secs(2);

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

/// When a connection was last found cut off.
#[derive(Debug, Clone, Default)]
struct Trouble(Arc<Mutex<Option<Instant>>>);

impl Trouble {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection that has lain idle for so long lay idle then.
    fn concerns(&self, idle: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle >= IDLE || last.is_some_and(|last| last.elapsed() <= idle)
    }
}

/// Both pools of connections.
#[derive(Clone)]
pub(in crate::store) struct Pools {
    pub(super) read: PgPool,
    pub(super) write: PgPool,
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
        let pool = |most: u32| {
            let trouble = trouble.clone();
            let wait = patience.map_or(Duration::from_secs(10), |patience| patience.connection);
            PgPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(wait)
                .test_before_acquire(false)
                .before_acquire(move |conn, meta| {
                    let is_doubtful = trouble.concerns(meta.idle_for);
                    Box::pin(async move {
                        if !is_doubtful {
                            return Ok(true);
                        }
                        let tested = timeout(TEST, conn.ping()).await;
                        tested.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
                    })
                })
        };
        let read = pool(READERS).connect_with(options.clone()).await?;
        let write = pool(WRITERS).connect_with(options).await?;
        Ok(Self { read, write, patience, trouble })
    }

    /// A connection to read through.
    pub(super) async fn reader(&self) -> Result<Lease, StoreError> {
        Lease::new(&self.read, self).await
    }

    /// A transaction that `begin` begins, such as `begin`. One that cannot begin because its connection
    /// was cut off begins on another: nothing has happened yet.
    pub(super) async fn begin(&self, begin: &'static str) -> Result<Lease, StoreError> {
        let mut lease = Lease::new(&self.write, self).await?;
        let mut begun = lease.run(begin).await;
        if begun.as_ref().is_err_and(is_cut_off) {
            lease = Lease::new(&self.write, self).await?;
            begun = lease.run(begin).await;
        }
        begun?;
        lease.is_open = true;
        Ok(lease)
    }

    pub(super) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A connection in somebody's hands.
pub(in crate::store) struct Lease {
    /// There until it is dropped.
    conn: Option<PoolConnection<Postgres>>,
    pool: PgPool,
    trouble: Trouble,
    /// How long a statement may take.
    limit: Option<Duration>,
    /// Whether a transaction is open on it.
    is_open: bool,
    is_broken: bool,
}

impl Lease {
    async fn new(pool: &PgPool, pools: &Pools) -> Result<Self, StoreError> {
        let limit = pools.patience.map(|patience| patience.statement + GRACE);
        let (conn, trouble) = (Some(pool.acquire().await?), pools.trouble.clone());
        Ok(Self { conn, pool: pool.clone(), trouble, limit, is_open: false, is_broken: false })
    }

    /// The connection, and how long a statement may take on it.
    pub(super) fn connection(
        &mut self,
    ) -> Result<(&mut PgConnection, Option<Duration>), sqlx::Error> {
        let conn = self.conn.as_deref_mut().filter(|_| !self.is_broken);
        Ok((conn.ok_or(sqlx::Error::WorkerCrashed)?, self.limit))
    }

    /// Takes note of a statement that failed.
    pub(super) fn note(&mut self, error: &sqlx::Error) {
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
        self.note(error);
        let Ok(another) = self.pool.acquire().await else { return false };
        if let Some(old) = self.conn.replace(another) {
            drop(old.detach());
        }
        self.is_broken = false;
        true
    }

    async fn run(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        let (conn, limit) = self.connection()?;
        let done = within(limit, sqlx::query(text).execute(conn)).await;
        if let Err(error) = &done {
            self.note(error);
        }
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
    /// Gives the connection back, once a transaction that was not committed is undone; throws it away
    /// if it is broken, or that takes too long.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        let Ok(runtime) = Handle::try_current().map_err(|_| self.is_broken = true) else {
            return drop(conn.detach());
        };
        if self.is_broken {
            return drop(conn.detach());
        }
        let is_open = self.is_open;
        runtime.spawn(async move {
            if is_open {
                let undone = timeout(TEST, sqlx::query("rollback").execute(&mut *conn)).await;
                if !matches!(undone, Ok(Ok(_))) {
                    return drop(conn.detach());
                }
            }
            // It is asked whether it lives. A server that stands still would keep its place in the pool
            // for as long; without an answer it is closed.
            let _ = timeout(TEST, conn.return_to_pool()).await;
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
