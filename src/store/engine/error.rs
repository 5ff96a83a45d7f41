//! What can go wrong between the program and its database.

use sqlx::{error::DatabaseError, sqlite::SqliteError};

use crate::domain::place::InvalidMove;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer in time, or not at all: try again later (503).
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The connection broke while a commit was on its way: nobody knows whether it happened (503).
    #[error("the database went away during a commit: {0}")]
    Unsure(#[source] sqlx::Error),
    /// The database refused or failed: a fault of ours (500).
    #[error("the database failed: {0}")]
    Failed(#[source] sqlx::Error),
    /// A value that must be unique is taken.
    #[error("that value is already taken")]
    Taken,
    /// The constraint that makes overselling impossible held a write back (B3).
    #[error("there are not enough places")]
    Oversold,
    /// A row was not as it had been read when it was to be written: whoever read it did not lock it.
    #[error("table {table}, row {row}: changed since it was read")]
    Stale {
        /// The table.
        table: &'static str,
        /// The row, by its key.
        row: String,
    },
    /// The program asked for a move of a place that the rules refuse: a fault of ours.
    #[error(transparent)]
    InvalidMove(#[from] InvalidMove),
    /// A row does not hold what the program ever writes.
    #[error("table {table}, column {column}, row {row}: unreadable value")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row, by its key.
        row: String,
    },
    /// A migration is missing, unknown or was edited after it ran.
    #[error("the database does not fit this version of the program: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The address of the database is not understood.
    #[error("{0}")]
    Address(String),
}

impl StoreError {
    /// The database did not answer.
    pub fn away() -> Self {
        Self::Unavailable(sqlx::Error::PoolTimedOut)
    }

    /// Whether the database does not answer.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Unsure(_))
    }

    /// Whether somebody else holds a lock of SQLite's.
    pub(super) fn is_busy(&self) -> bool {
        let Self::Unavailable(sqlx::Error::Database(refusal)) = self else { return false };
        let code = refusal.code().and_then(|code| code.parse::<u32>().ok());
        refusal.try_downcast_ref::<SqliteError>().is_some()
            && code.is_some_and(|code| matches!(code & 0xFF, 5 | 6))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(refusal) if refusal.message().contains("never_oversold") => {
                Self::Oversold
            }
            sqlx::Error::Database(refusal) if is_for_now(&**refusal) => Self::Unavailable(error),
            _ => Self::Failed(error),
        }
    }
}

/// Whether a database refuses because of what it lacks just now, and not because of what it was asked.
fn is_for_now(refusal: &(dyn DatabaseError + 'static)) -> bool {
    let Some(code) = refusal.code() else { return false };
    if refusal.try_downcast_ref::<SqliteError>().is_some() {
        // The primary result code: busy, locked, out of memory, read-only, an error of the disk,
        // full, cannot be opened, or a lock that others keep taking.
        let primary = code.parse::<u32>().map(|code| code & 0xFF);
        return matches!(primary, Ok(5 | 6 | 7 | 8 | 10 | 13 | 14 | 15));
    }
    // PostgreSQL: the connection, its resources, an operator, the system beneath; a lock or an
    // idle transaction that took too long, a deadlock, a standby that is not yet the primary.
    ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        || matches!(&*code, "55P03" | "25P03" | "25006" | "40001" | "40P01")
}
