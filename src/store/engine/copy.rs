//! Copies of a SQLite file: made while it is used, and looked into before they are trusted.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};

use super::{Store, StoreError, migrations, open::is_sqlite};

/// What a copy holds, as far as whoever restores it wants to know beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// The number of the last migration that ran on it.
    pub migration: i64,
    /// Bookings that were sent off.
    pub bookings: i64,
    /// Letters that were not delivered yet.
    pub letters_waiting: i64,
}

impl Store {
    /// The file that `url` names; `None` where it names a PostgreSQL database.
    ///
    /// # Errors
    /// [`StoreError`], when it is no address of a database.
    pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, StoreError> {
        if !is_sqlite(url) {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(url)?.get_filename().to_owned()))
    }

    /// Writes the SQLite database in `file` to `copy`, a file that is missing or empty, as it is at
    /// one moment between two commits. Others go on reading and writing. Nothing is brought up to
    /// date: a copy from before an upgrade is what a way back needs.
    ///
    /// What was deleted does not come along, since the rows are written anew.
    ///
    /// # Errors
    /// [`StoreError`], when it cannot be read, or the copy cannot be written.
    pub async fn copy_sqlite(file: &Path, copy: &Path) -> Result<(), StoreError> {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
        let mut conn = options.busy_timeout(PATIENCE).connect().await?;
        let copy = copy.to_string_lossy();
        let copied = sqlx::query("vacuum into $1").bind(&*copy).execute(&mut conn).await;
        conn.close().await?;
        copied?;
        Ok(())
    }

    /// Reads a copy from end to end and says what it holds; `None` if it is damaged, or no database
    /// of ours.
    pub async fn look_into(copy: &Path) -> Option<Contents> {
        let options = SqliteConnectOptions::new().filename(copy).read_only(true).immutable(true);
        let mut conn = options.connect().await.ok()?;
        let contents = contents(&mut conn).await.ok().flatten();
        conn.close().await.ok()?;
        contents
    }

    /// Whether some process has the SQLite database in `file` open. Where none has, what its
    /// write-ahead log held stands in the file afterwards, so that the file alone is all of it.
    ///
    /// # Errors
    /// [`StoreError`], when it cannot be opened.
    pub async fn is_in_use(file: &Path) -> Result<bool, StoreError> {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
        let alone = options.locking_mode(SqliteLockingMode::Exclusive);
        let found = match alone.busy_timeout(Duration::ZERO).connect().await {
            Ok(mut conn) => {
                let text = "select count(*) from sqlite_schema";
                let read = sqlx::query_scalar::<_, i64>(text).fetch_one(&mut conn).await;
                conn.close().await.and(read)
            }
            Err(error) => Err(error),
        };
        match found {
            Ok(_) => Ok(false),
            Err(sqlx::Error::Database(error))
                if error.code().is_some_and(|code| is_busy(&code)) =>
            {
                Ok(true)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The number of the last migration that this program knows.
    pub fn newest_migration() -> i64 {
        migrations::OF_SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
    }
}

/// How long a copy waits for somebody who recovers the database after a crash.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a result code of SQLite, or one that extends it, says that somebody else holds a lock.
fn is_busy(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6))
}

async fn contents(conn: &mut SqliteConnection) -> Result<Option<Contents>, sqlx::Error> {
    let faults =
        sqlx::query_scalar::<_, String>("pragma quick_check").fetch_all(&mut *conn).await?;
    if faults != ["ok"] {
        return Ok(None);
    }
    let (migration, bookings, letters_waiting) = sqlx::query_as(
        "select (select max(version) from _sqlx_migrations),
                (select count(*) from registrations where booked_at is not null),
                (select count(*) from outbox where sent_at is null and failed_at is null)",
    )
    .fetch_one(conn)
    .await?;
    Ok(Some(Contents { migration, bookings, letters_waiting }))
}
