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
        match self.db() {
            Db::Sqlite { read, writer } => {
                let [open, idle, most] = read.counts();
                let waiting_to_write = writer.waiting();
                Connections { database: "sqlite", open, idle, most, waiting_to_write }
            }
            Db::Postgres(Pools { read, write, .. }) => {
                let (read, write) = (read.counts(), write.counts());
                let [open, idle, most] = [0, 1, 2].map(|at| read[at] + write[at]);
                Connections { database: "postgres", open, idle, most, waiting_to_write: 0 }
            }
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
