//! The seam between one SQL text and two databases.
//!
//! `run!` expands the same text for both typed drivers, so `DateTime<Utc>`, `Uuid` and `bool`
//! keep their types on both. Write `$1` parameters, `returning`, `on conflict`; where a text must
//! differ, name both in one `match` on `Conn::is_postgres`.

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

pub(in crate::store) enum Link {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteTx(Turn),
    PostgresRead(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A connection to read through.
pub struct Conn {
    pub(in crate::store) link: Link,
    /// Whether a transaction wrote something that the public may see.
    pub(in crate::store) shows: bool,
    /// How many statements went through it.
    pub(in crate::store) statements: u64,
}

pub(in crate::store) enum Backend<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    pub(in crate::store) fn new(link: Link) -> Self {
        Self { link, shows: false, statements: 0 }
    }

    /// The connection to run a text on; the text is remembered for what it writes.
    pub(in crate::store) fn backend(&mut self, text: &str) -> Backend<'_> {
        if matches!(self.link, Link::SqliteTx(_) | Link::PostgresTx(_)) {
            self.shows = self.shows || shows(text);
        }
        self.statements += 1;
        match &mut self.link {
            Link::SqliteRead(conn) => Backend::Sqlite(conn),
            Link::SqliteTx(turn) => Backend::Sqlite(turn.connection()),
            Link::PostgresRead(conn) => Backend::Postgres(conn),
            Link::PostgresTx(tx) => Backend::Postgres(tx),
        }
    }

    /// Whether this is PostgreSQL, for the few texts that must differ.
    pub(in crate::store) fn is_postgres(&self) -> bool {
        matches!(self.link, Link::PostgresRead(_) | Link::PostgresTx(_))
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
    pub(in crate::store) conn: Conn,
    pub(in crate::store) commits: Arc<Commits>,
    pub(in crate::store) wrote_letters: bool,
}

/// How many transactions this process committed.
#[derive(Debug, Default)]
pub(in crate::store) struct Commits {
    pub(in crate::store) all: AtomicU64,
    /// Those that wrote something the public may see.
    pub(in crate::store) shown: AtomicU64,
    /// Wakes whoever delivers letters, after one that wrote some.
    pub(in crate::store) letters: Notify,
    /// The statements of all of them.
    pub(in crate::store) statements: AtomicU64,
}

impl Tx {
    /// Makes everything in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError`], in which case nothing happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        let (shows, statements) = (self.conn.shows, self.conn.statements);
        match self.conn.link {
            Link::SqliteTx(turn) => turn.commit().await?,
            Link::PostgresTx(tx) => tx.commit().await?,
            Link::SqliteRead(_) | Link::PostgresRead(_) => {}
        }
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

/// Runs one SQL text on whichever database the connection leads to.
///
/// `run!(all Row, conn, "select …", args…)` gives a `Vec<Row>`, `opt` an `Option<Row>`, `one` a
/// `Row`, `value T` the first column, and `exec` the number of rows written.
macro_rules! run {
    (exec, $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $conn.backend($sql) {
            $crate::store::engine::seam::Backend::Sqlite(conn) => sqlx::query($sql)
                $(.bind($arg))* .execute(conn).await.map(|done| done.rows_affected()),
            $crate::store::engine::seam::Backend::Postgres(conn) => sqlx::query($sql)
                $(.bind($arg))* .execute(conn).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::store::StoreError::from)
    };
    (value $type:ty, $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        run!(@ query_scalar, $type, fetch_one, $conn, $sql $(, $arg)*)
    };
    (values $type:ty, $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        run!(@ query_scalar, $type, fetch_all, $conn, $sql $(, $arg)*)
    };
    (all $type:ty, $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        run!(@ query_as, $type, fetch_all, $conn, $sql $(, $arg)*)
    };
    (opt $type:ty, $conn:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        run!(@ query_as, $type, fetch_optional, $conn, $sql $(, $arg)*)
    };
    (@ $query:ident, $type:ty, $fetch:ident, $conn:expr, $sql:expr $(, $arg:expr)*) => {
        match $conn.backend($sql) {
            $crate::store::engine::seam::Backend::Sqlite(conn) => sqlx::$query::<_, $type>($sql)
                $(.bind($arg))* .$fetch(conn).await,
            $crate::store::engine::seam::Backend::Postgres(conn) => sqlx::$query::<_, $type>($sql)
                $(.bind($arg))* .$fetch(conn).await,
        }
        .map_err($crate::store::StoreError::from)
    };
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
