//! Opening the database that a URL names.

use std::{
    str::FromStr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{
    StoreError, migrations,
    pool::{Pool, Snapshot},
    postgres::{Patience, Pools},
    seam::{Commits, Conn, Link, Tx},
    writer::Writer,
};
use crate::{domain::id::SessionCode, proven::Proven, store::version::Watch};

pub(super) enum Db {
    Sqlite { read: Pool<SqliteConnection>, writer: Writer },
    Postgres(Pools),
}

/// The database. Cloning it is cheap: clones share their connections.
#[derive(Clone)]
pub struct Store {
    db: Arc<Proven<Db>>,
    pub(super) commits: Arc<Proven<Commits>>,
    pub(in crate::store) watch: Arc<Proven<Watch>>,
}

impl Store {
    /// Opens the database at `url`: `sqlite://turnout.db` (made if missing) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] for any other URL; [`StoreError::Unavailable`] or
    /// [`StoreError::Failed`] when the database does not open.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = if is_sqlite(url) {
            open_sqlite(url).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Db::Postgres(Pools::open(url, None).await?)
        } else {
            let advice = "the database URL must start with sqlite: or postgres:";
            return Err(StoreError::Address(advice.to_owned()));
        };
        Ok(Self { db: Arc::new(Proven::new(db)), commits: Arc::default(), watch: Arc::default() })
    }

    /// The same database, for whoever serves visitors: nothing is waited for longer than `patience`
    /// allows. SQLite has its own.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub async fn serving(self, url: &str, patience: Patience) -> Result<Self, StoreError> {
        let Db::Postgres(pools) = self.db() else { return Ok(self) };
        pools.close().await;
        let db = Db::Postgres(Pools::open(url, Some(patience)).await?);
        Ok(Self { db: Arc::new(Proven::new(db)), ..self })
    }

    /// Whether there is a database of ours at `url`: a file, or a PostgreSQL database with our
    /// tables. Asking makes none.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub async fn exists(url: &str) -> Result<bool, StoreError> {
        if is_sqlite(url) {
            let options = SqliteConnectOptions::from_str(url)?;
            return Ok(options.get_filename().exists());
        }
        let store = Self::open(url).await?;
        let Db::Postgres(pools) = store.db() else { return Ok(true) };
        let text = "select to_regclass('_sqlx_migrations') is not null";
        let mut conn = pools.read.lend().await?;
        let found = sqlx::query_scalar::<_, bool>(text).fetch_one(&mut *conn).await?;
        drop(conn);
        store.close().await;
        Ok(found)
    }

    /// Brings the tables, and the keys of names, up to this version of the program. Safe when several
    /// nodes start at once.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when the database has migrations this program does not know, or
    /// one was edited after it ran.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.db() {
            Db::Sqlite { writer, .. } => writer.migrate(&migrations::OF_SQLITE).await?,
            Db::Postgres(pools) => pools.migrate(&migrations::OF_POSTGRES).await?,
        }
        if self.stand_in_for_secrets().await?
            && let Db::Sqlite { writer, .. } = self.db()
        {
            writer.rewrite().await?;
        }
        self.fill_keys().await
    }

    /// Empties SQLite's write-ahead log, in which the pages of a while ago still stand: what was erased
    /// is gone from the disk then. Does nothing while somebody reads for long; the next time will do.
    ///
    /// # Errors
    /// [`StoreError`], when the log cannot be written into the database.
    pub async fn empty_log(&self) -> Result<(), StoreError> {
        let Db::Sqlite { read, .. } = self.db() else { return Ok(()) };
        // By a connection of its own, which waits for nobody who reads and so keeps no booking waiting.
        let options = read.options().clone();
        let mut conn = options.busy_timeout(Duration::from_millis(200)).connect().await?;
        let done = sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut conn).await;
        conn.close().await?;
        done?;
        Ok(())
    }

    /// A connection to read through.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none is free in time.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(match self.db() {
            Db::Sqlite { read, .. } => Link::SqliteRead(read.lend().await?),
            Db::Postgres(pools) => Link::Postgres(pools.reader().await?),
        }))
    }

    /// A connection that sees everything as it is at one moment, however long it is read through
    /// and whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is free in time.
    pub async fn snapshot(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(match self.db() {
            Db::Sqlite { read, .. } => {
                Link::SqliteSnapshot(Snapshot::of(read.lend().await?).await?)
            }
            Db::Postgres(pools) => Link::Postgres(pools.begin(SNAPSHOT).await?),
        }))
    }

    /// Begins a write transaction. On SQLite it holds the one write lock from its first moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is free in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let begun = match self.db() {
            Db::Sqlite { writer, .. } => writer.begin().await.map(Link::SqliteTx),
            Db::Postgres(pools) => pools.begin("begin").await.map(Link::Postgres),
        };
        let link = self.commits.counted(begun)?;
        Ok(Tx {
            conn: Conn::counted(link, &self.commits),
            commits: Arc::clone(&self.commits),
            wrote_letters: false,
            pass: None,
        })
    }

    /// Begins a write transaction that locks this session first: in a rush most wait without a connection, so
    /// that whoever writes elsewhere gets one.
    ///
    /// # Errors
    /// As for [`Store::begin`]; also when too many want to write to the session.
    pub async fn begin_on(&self, session: &SessionCode) -> Result<Tx, StoreError> {
        let Db::Postgres(pools) = self.db() else { return self.begin().await };
        let pass = self.commits.counted(pools.pass(session.as_str()).await)?;
        Ok(Tx { pass: Some(Proven::new(pass)), ..self.begin().await? })
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// How many transactions this process committed.
    pub fn generation(&self) -> u64 {
        self.commits.all.load(Ordering::Acquire)
    }

    /// How many of them wrote something that the public may see.
    pub(in crate::store) fn shown(&self) -> u64 {
        self.commits.shown.load(Ordering::Acquire)
    }

    /// How many statements stood between `begin` and `commit` in all of them together: what the
    /// test of a verb's cost counts.
    pub fn statements(&self) -> u64 {
        self.commits.statements.load(Ordering::Relaxed)
    }

    /// How often the database was asked for them: writes that nobody waits for go together.
    pub fn ways(&self) -> u64 {
        self.commits.ways.load(Ordering::Relaxed)
    }

    /// Whether the connection that looks for changes stays with whoever looks. SQLite's must, since it
    /// counts the commits of others; PostgreSQL's goes back to the pool.
    pub(in crate::store) fn keeps_watching(&self) -> bool {
        matches!(self.db(), Db::Sqlite { .. })
    }

    /// Waits until letters were written and committed here since it was last waited for.
    pub async fn letters_written(&self) {
        self.commits.letters.notified().await;
    }

    /// Closes all connections; one in use, once whoever uses it is done.
    pub async fn close(&self) {
        self.stop_watching().await;
        match self.db() {
            Db::Sqlite { read, writer } => {
                read.close().await;
                writer.close().await;
            }
            Db::Postgres(pools) => pools.close().await,
        }
    }
}

pub(super) fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// How many connections there are to read a SQLite file through.
const READERS: usize = 5;

const SNAPSHOT: &str = "begin isolation level repeatable read read only";

/// How many bytes the write-ahead log keeps once what it held stands in the database: an import or a
/// backup makes it as large as all that was written meanwhile.
const WAL_AT_REST: &str = "8388608";

/// How much of the file the writer keeps in memory, in KiB below zero as SQLite writes it: what bookings touch, with
/// the two megabytes that are usual, is read again and again.
const WRITER_CACHE: &str = "-8192";

/// How many pages of 4 KiB the write-ahead log takes before the writer moves them into the database. It waits for the
/// disk meanwhile, and each page is moved once, however often it was written. In a rush of bookings a commit wrote 36.
const WAL_BEFORE_A_CHECKPOINT: &str = "3000";

/// One writer, so that SQLite never answers "busy"; several readers that cannot write.
/// `synchronous=FULL` makes every answered booking survive a power cut.
async fn open_sqlite(url: &str) -> Result<Db, StoreError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .pragma("journal_size_limit", WAL_AT_REST)
        // What is deleted or overwritten is gone from the file, too.
        .pragma("secure_delete", "on")
        .foreign_keys(true);
    let writing = options
        .clone()
        // What a statement may have to undo stays in memory: several triggers write with each booking, and their
        // pages would go to a file in the folder for temporary ones.
        .pragma("temp_store", "memory")
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", WAL_BEFORE_A_CHECKPOINT);
    let writer = Writer::open(writing).await?;
    let reading = options.pragma("query_only", "on");
    let read = Pool::open(reading, None, READERS, Duration::from_secs(10)).await?;
    Ok(Db::Sqlite { read, writer })
}

/// Makes a PostgreSQL database beside the one `server` names, such as one for each test.
///
/// # Errors
/// [`StoreError`], when it exists already or may not be made.
pub async fn create_postgres_database(server: &str, name: &str) -> Result<(), StoreError> {
    let mut conn = PgConnection::connect(server).await?;
    let quoted = name.replace('"', "");
    let text = sqlx::AssertSqlSafe(format!("create database \"{quoted}\""));
    sqlx::query(text).execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}
