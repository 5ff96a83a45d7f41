//! How busy the connections to the database are.

use std::sync::atomic::Ordering;

use super::{Store, StoreError, open::Db, postgres::Pools, seam::Commits};

/// The connections of this process at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// The kind of database: `sqlite` or `postgres`.
    pub database: &'static str,
    /// Open, to read through on SQLite, to read and write through on PostgreSQL.
    pub open: u32,
    /// Of these, those that nobody uses.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
    /// Who waits for the turn to write. PostgreSQL's wait among themselves.
    pub waiting_to_write: usize,
}

impl Store {
    /// How busy the connections are.
    pub fn connections(&self) -> Connections {
        let idle = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match self.db() {
            Db::Sqlite { read, writer } => Connections {
                database: "sqlite",
                open: read.size(),
                idle: idle(read.num_idle()),
                most: read.options().get_max_connections(),
                waiting_to_write: writer.waiting(),
            },
            Db::Postgres(Pools { read, write, .. }) => Connections {
                database: "postgres",
                open: read.size() + write.size(),
                idle: idle(read.num_idle() + write.num_idle()),
                most: read.options().get_max_connections() + write.options().get_max_connections(),
                waiting_to_write: 0,
            },
        }
    }

    /// How many writes failed in this process, for whatever reason but a rule.
    pub fn write_errors(&self) -> u64 {
        self.commits.failed.load(Ordering::Relaxed)
    }
}

impl Commits {
    /// Counts a write that failed. That a rule held one back is no failure.
    pub(super) fn counted<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Unavailable(_) | StoreError::Unsure(_) | StoreError::Failed(_)) =
            &outcome
        {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }
}
