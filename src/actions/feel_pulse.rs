//! Whether the database can be read and written just now, by reading and writing.

use std::time::Duration;

use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    actions::ActionContext,
    store::{StoreError, heartbeats},
};

/// How long a read or a write may take. Whoever watches wants to hear that it is slow.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// After how long a process that beats no more is forgotten.
const GONE: chrono::Duration = chrono::Duration::days(1);

/// About what a booking of many people writes. A disk that is nearly full may take a row and no booking.
const BOOKING: usize = 256 * 1024;

/// As much is written otherwise.
const MARK: usize = 8;

/// What the last tries say of the next.
#[derive(Debug, Clone, Copy)]
pub struct Pulse {
    /// The process.
    pub node: Uuid,
    /// How many writes of it had failed when as much as a booking was last written.
    known_failures: u64,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Whether the database can be read.
    pub reads: DatabaseAnswer,
    /// Whether it can be written.
    pub writes: DatabaseAnswer,
}

/// How the database answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseAnswer {
    /// As it should.
    Well,
    /// It refused.
    Badly,
    /// Not in time.
    Late,
}

impl Found {
    /// Whether requests can be served.
    pub fn is_well(self) -> bool {
        (self.reads, self.writes) == (DatabaseAnswer::Well, DatabaseAnswer::Well)
    }
}

impl Pulse {
    /// Of a process that has not been asked.
    pub fn of(node: Uuid) -> Self {
        Self { node, known_failures: 0 }
    }

    /// Reads and writes. After a write that failed, as much is written as a booking needs.
    pub async fn feel(&mut self, ctx: &ActionContext) -> Found {
        let failures = ctx.store.write_errors();
        let size = if failures > self.known_failures { BOOKING } else { MARK };
        let read = async {
            heartbeats::has_beaten(&mut ctx.store.read().await?, self.node).await?;
            Ok(())
        };
        let (reads, writes) =
            tokio::join!(timeout(PATIENCE, read), timeout(PATIENCE, beat(ctx, self.node, size)));
        let found = Found { reads: answered(reads, "read"), writes: answered(writes, "written") };
        if found.writes == DatabaseAnswer::Well {
            self.known_failures = failures;
        }
        found
    }
}

async fn beat(ctx: &ActionContext, node: Uuid, size: usize) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let now = ctx.now();
    // Always something new: SQLite writes nothing where a row is what it was.
    let mut mark = [0; MARK];
    ctx.random.fill(&mut mark);
    let ballast: Vec<u8> = mark.into_iter().cycle().take(size).collect();
    heartbeats::beat(&mut tx, node, &ballast, (now, now - GONE)).await?;
    tx.commit().await
}

fn answered<E>(outcome: Result<Result<(), StoreError>, E>, done: &str) -> DatabaseAnswer {
    match outcome {
        Ok(Ok(())) => DatabaseAnswer::Well,
        Ok(Err(error)) => {
            log::error!("the database cannot be {done}: {error}");
            DatabaseAnswer::Badly
        }
        Err(_) => {
            log::error!("the database could not be {done} in {PATIENCE:?}");
            DatabaseAnswer::Late
        }
    }
}
