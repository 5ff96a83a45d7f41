//! What can go wrong between the program and its database.

use crate::domain::place::InvalidMove;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer in time, or not at all: try again later (503).
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
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

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(refusal) if refusal.message().contains("never_oversold") => {
                Self::Oversold
            }
            _ => Self::Failed(error),
        }
    }
}
