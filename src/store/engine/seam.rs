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
};

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};
use tokio::sync::Notify;

use super::{StoreError, writer::Turn};

pub(super) enum Link {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteTx(Turn),
    SqliteSnapshot(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A connection to read through.
pub struct Conn {
    pub(super) link: Link,
    /// Whether a transaction wrote something that the public may see.
    pub(super) shows: bool,
    /// How many statements went through it.
    pub(super) statements: u64,
}

pub(super) enum Backend<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    pub(super) fn new(link: Link) -> Self {
        Self { link, shows: false, statements: 0 }
    }

    /// The connection to run a text on; the text is remembered for what it writes.
    pub(super) fn backend(&mut self, text: &str) -> Backend<'_> {
        if matches!(self.link, Link::SqliteTx(_) | Link::PostgresTx(_)) {
            self.shows = self.shows || shows(text);
        }
        self.statements += 1;
        match &mut self.link {
            Link::SqliteRead(conn) => Backend::Sqlite(conn),
            Link::SqliteTx(turn) => Backend::Sqlite(turn.connection()),
            Link::SqliteSnapshot(tx) => Backend::Sqlite(tx),
            Link::PostgresRead(conn) => Backend::Postgres(conn),
            Link::PostgresTx(tx) => Backend::Postgres(tx),
        }
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
    pub(super) commits: Arc<Commits>,
    pub(super) wrote_letters: bool,
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
    /// Writes that failed, before or at their commit.
    pub(super) failed: AtomicU64,
}

impl Tx {
    /// Makes everything in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError`], in which case nothing happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        let (shows, statements) = (self.conn.shows, self.conn.statements);
        let committed = match self.conn.link {
            Link::SqliteTx(turn) => turn.commit().await,
            Link::PostgresTx(tx) => tx.commit().await.map_err(Into::into),
            Link::SqliteRead(_) | Link::SqliteSnapshot(_) | Link::PostgresRead(_) => Ok(()),
        };
        self.commits.counted(committed)?;
        if shows {
            self.commits.shown.fetch_add(1, Ordering::Release);
        }
        self.commits.statements.fetch_add(statements, Ordering::Relaxed);
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
