//! The seam between one SQL text and two databases.
//!
//! A statement runs on either typed driver, so `DateTime<Utc>`, `Uuid` and `bool` keep their types
//! on both. Nothing outside `engine` sees a driver's connection.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{PgConnection, SqliteConnection};
use tokio::sync::Notify;

use super::{
    StoreError,
    bulkhead::Pass,
    later::Queued,
    pool::{Lent, Snapshot},
    postgres::Lease,
    writer::Turn,
};
use crate::proven::Proven;

pub(super) enum Link {
    SqliteRead(Lent<SqliteConnection>),
    SqliteTx(Turn),
    SqliteSnapshot(Snapshot),
    Postgres(Lease),
}

/// A connection to read through.
pub struct Conn {
    link: Proven<Link>,
    /// Writes that go with whatever is next.
    pub(super) queued: Option<Queued>,
    /// Whether a transaction wrote something that the public may see.
    pub(super) shows: bool,
    /// How many statements went through it.
    pub(super) statements: u64,
    /// How often the database was asked for them.
    pub(super) ways: u64,
    /// Where a transaction counts what fails.
    counts: Option<Arc<Proven<Commits>>>,
}

impl Conn {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link: Proven::new(link),
            queued: None,
            shows: false,
            statements: 0,
            ways: 0,
            counts: None,
        }
    }

    /// Of a transaction, whose failures are counted.
    pub(super) fn counted(link: Link, commits: &Arc<Proven<Commits>>) -> Self {
        Self { counts: Some(Arc::clone(commits)), ..Self::new(link) }
    }

    /// Takes note of how a statement went, so that a connection it spoilt is not used again.
    pub(super) fn noted<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        if let Link::Postgres(lease) = &mut *self.link {
            lease.note(&done);
        }
        let done = done.map_err(StoreError::from);
        if let (Err(error), Link::SqliteTx(turn)) = (&done, &mut *self.link) {
            turn.note(error);
        }
        match &self.counts {
            Some(commits) => commits.counted(done),
            None => done,
        }
    }

    /// Whether a statement that failed may be tried once more: its connection was cut off, nothing was
    /// begun on it, and there is another.
    pub(super) async fn is_worth_another_try<T>(&mut self, done: &Result<T, sqlx::Error>) -> bool {
        match (done, &mut *self.link) {
            (Err(error), Link::Postgres(lease)) => lease.replaced(error).await,
            _ => false,
        }
    }

    /// Whether it leads to PostgreSQL.
    pub(super) fn is_postgres(&self) -> bool {
        matches!(*self.link, Link::Postgres(_))
    }

    /// The connection to run a text on, of one that leads to SQLite.
    pub(super) fn sqlite(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.ways += 1;
        match &mut *self.link {
            Link::SqliteRead(conn) => Ok(conn),
            Link::SqliteTx(turn) => Ok(turn.connection()),
            Link::SqliteSnapshot(snapshot) => snapshot.connection(),
            Link::Postgres(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// The same of one that leads to PostgreSQL, and how long a statement may take there.
    pub(super) fn postgres(
        &mut self,
    ) -> Result<(&mut PgConnection, Option<Duration>), sqlx::Error> {
        self.ways += 1;
        match &mut *self.link {
            Link::Postgres(lease) => lease.connection(),
            Link::SqliteRead(_) | Link::SqliteTx(_) | Link::SqliteSnapshot(_) => {
                Err(sqlx::Error::WorkerCrashed)
            }
        }
    }

    /// Remembers that a text was run, and what it writes.
    pub(super) fn remember(&mut self, text: &str) {
        if self.counts.is_some() {
            self.shows = self.shows || shows(text);
        }
        self.statements += 1;
    }
}

/// The tables of which the public sees something, or whose triggers write to such a one.
const SHOWN: [&str; 8] = [
    "alliances",
    "course_prerequisites",
    "courses",
    "places",
    "session_trainers",
    "sessions",
    "sittings",
    "staff",
];

/// Whether a text may write what the public sees. One that writes anything and only names such a
/// table counts too: too often costs a question, too seldom would leave an old page standing.
fn shows(text: &str) -> bool {
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let writes = |word: &str| {
        ["insert", "update", "delete"].iter().any(|verb| word.eq_ignore_ascii_case(verb))
    };
    words().any(writes) && words().any(|word| SHOWN.contains(&word))
}

/// A write transaction. Dropped without [`Tx::commit`], it never happened.
pub struct Tx {
    pub(super) conn: Conn,
    pub(super) commits: Arc<Proven<Commits>>,
    pub(super) wrote_letters: bool,
    /// Kept until the transaction is over, for whoever waits to write to the same session.
    pub(super) pass: Option<Proven<Pass>>,
}

/// How many transactions this process committed.
#[derive(Debug, Default)]
pub(super) struct Commits {
    pub(super) all: AtomicU64,
    /// Those that wrote something the public may see.
    pub(super) shown: AtomicU64,
    /// Wakes whoever delivers letters, after one that wrote some.
    pub(super) letters: Notify,
    /// The statements of all of them.
    pub(super) statements: AtomicU64,
    /// How often the database was asked for them.
    pub(super) ways: AtomicU64,
    /// Writes that failed, before or at their commit.
    pub(super) failed: AtomicU64,
}

impl Tx {
    /// Makes everything in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError`], in which case nothing happened.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.conn.send_queued().await?;
        let Conn { shows, statements, ways, .. } = self.conn;
        let committed = match self.conn.link.into_inner() {
            Link::SqliteTx(turn) => turn.commit().await,
            Link::Postgres(lease) => lease.commit().await,
            Link::SqliteRead(_) | Link::SqliteSnapshot(_) => Ok(()),
        };
        self.commits.counted(committed)?;
        drop(self.pass);
        if shows {
            self.commits.shown.fetch_add(1, Ordering::Release);
        }
        self.commits.statements.fetch_add(statements, Ordering::Relaxed);
        self.commits.ways.fetch_add(ways, Ordering::Relaxed);
        self.commits.all.fetch_add(1, Ordering::Release);
        if self.wrote_letters {
            self.commits.letters.notify_one();
        }
        Ok(())
    }

    /// The commit is to wake whoever delivers letters.
    pub(in crate::store) fn has_written_letters(&mut self) {
        self.wrote_letters = true;
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

#[cfg(test)]
mod tests {
    use super::shows;

    #[test]
    fn what_a_text_writes_is_read_from_it() {
        for text in [
            "update sessions set version = version + 1 where code = $1",
            "insert into places (id) values ($1)",
            "delete from session_trainers where session = $1",
            "with gone as (delete from pledges returning session) update sittings set uid = uid",
        ] {
            assert!(shows(text), "{text}");
        }
        for text in [
            "update outbox set sent_at = $2 where id = $1",
            "insert into audit_events (id, session, place) values ($1, $2, $3)",
            "select places_per_booking from sessions where code = $1",
        ] {
            assert!(!shows(text), "{text}");
        }
    }
}
