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

use super::StoreError;

pub(super) enum Link {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A connection to read through.
pub struct Conn(pub(super) Link);

pub(super) enum Backend<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Conn {
    pub(super) fn backend(&mut self) -> Backend<'_> {
        match &mut self.0 {
            Link::SqliteRead(conn) => Backend::Sqlite(conn),
            Link::SqliteTx(tx) => Backend::Sqlite(tx),
            Link::PostgresRead(conn) => Backend::Postgres(conn),
            Link::PostgresTx(tx) => Backend::Postgres(tx),
        }
    }

    /// Whether this is PostgreSQL, for the few texts that must differ.
    pub(super) fn is_postgres(&self) -> bool {
        matches!(self.0, Link::PostgresRead(_) | Link::PostgresTx(_))
    }
}

/// A write transaction. Dropped without [`Tx::commit`], it never happened.
pub struct Tx {
    pub(super) conn: Conn,
    pub(super) generation: Arc<AtomicU64>,
}

impl Tx {
    /// Makes everything in the transaction durable.
    ///
    /// # Errors
    /// [`StoreError`], in which case nothing happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.conn.0 {
            Link::SqliteTx(tx) => tx.commit().await?,
            Link::PostgresTx(tx) => tx.commit().await?,
            Link::SqliteRead(_) | Link::PostgresRead(_) => {}
        }
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
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
        match $conn.backend() {
            $crate::store::seam::Backend::Sqlite(conn) => sqlx::query($sql)
                $(.bind($arg))* .execute(conn).await.map(|done| done.rows_affected()),
            $crate::store::seam::Backend::Postgres(conn) => sqlx::query($sql)
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
        match $conn.backend() {
            $crate::store::seam::Backend::Sqlite(conn) => sqlx::$query::<_, $type>($sql)
                $(.bind($arg))* .$fetch(conn).await,
            $crate::store::seam::Backend::Postgres(conn) => sqlx::$query::<_, $type>($sql)
                $(.bind($arg))* .$fetch(conn).await,
        }
        .map_err($crate::store::StoreError::from)
    };
}
