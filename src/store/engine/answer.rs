//! What runs a statement, whatever it takes and answers: written once, so that it is compiled once, and not for each
//! of more than a thousand statements. Only reading a row knows what it is read as.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use futures_util::TryStreamExt as _;
use sqlx::{
    Row as _, SqlSafeStr as _, SqlStr,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{
    Conn, StoreError,
    arguments::Arguments,
    postgres::within,
    statement::{Read, Value},
};

/// What a statement was given, as its database takes it.
pub(super) enum Bound {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// How many rows are wanted.
#[derive(Clone, Copy)]
pub(super) enum Rows {
    All,
    First,
}

/// One row of what the database answers.
pub(super) enum Found<'r> {
    Sqlite(&'r SqliteRow),
    Postgres(&'r PgRow),
}

/// Takes an answer row by row. A driver's row is many times as large as what is read from it, and the answer may be
/// thousands of them: so each is read when it comes, and none is kept.
trait Collects: Send {
    /// Forgets what was taken, for the question is asked once more.
    fn forget(&mut self);

    fn take(&mut self, row: Found<'_>) -> Result<(), sqlx::Error>;
}

/// What was read so far, shared by who asks the database and who waits for the answer.
struct SoFar<Row>(Arc<Mutex<Vec<Row>>>);

/// Reads each row as the same.
struct Collected<Row> {
    so_far: SoFar<Row>,
    read: fn(Found<'_>) -> Result<Row, sqlx::Error>,
}

impl Bound {
    pub(super) fn of<'q, Takes>(
        conn: &Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Result<Self, StoreError> {
        let mut all = match conn.is_postgres() {
            true => Self::Postgres(PgArguments::default()),
            false => Self::Sqlite(SqliteArguments::default()),
        };
        all.add(arguments)?;
        Ok(all)
    }

    /// Adds what another statement was given, which goes with this one.
    pub(super) fn add<'q, Takes>(
        &mut self,
        arguments: impl Arguments<'q, Takes>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(all) => arguments.add_to_sqlite(all),
            Self::Postgres(all) => arguments.add_to_postgres(all),
        }
    }
}

/// A row as a whole.
pub(super) fn row<Row: Read>(found: Found<'_>) -> Result<Row, sqlx::Error> {
    match found {
        Found::Sqlite(row) => Row::from_row(row),
        Found::Postgres(row) => Row::from_row(row),
    }
}

/// The first column of a row.
pub(super) fn value<T: Value>(found: Found<'_>) -> Result<T, sqlx::Error> {
    match found {
        Found::Sqlite(row) => row.try_get(0),
        Found::Postgres(row) => row.try_get(0),
    }
}

impl<Row> SoFar<Row> {
    fn with<T>(&self, done: impl FnOnce(&mut Vec<Row>) -> T) -> T {
        done(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<Row: Send> Collects for Collected<Row> {
    fn forget(&mut self) {
        self.so_far.with(Vec::clear);
    }

    fn take(&mut self, row: Found<'_>) -> Result<(), sqlx::Error> {
        let row = (self.read)(row)?;
        self.so_far.with(|rows| rows.push(row));
        Ok(())
    }
}

/// What the database was asked for.
///
/// In a box, so that nobody who waits for it is proven to be `Send` down to what a driver waits for: the compiler
/// would prove that anew for each of two thousand functions (see [`crate::proven`]).
pub type Asked<'c, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'c>>;

/// What was asked for, and what is made of the rows it answers.
#[must_use = "nothing is asked before it is waited for"]
pub struct Reading<'c, Row, T> {
    asked: Asked<'c, ()>,
    so_far: SoFar<Row>,
    made: fn(Vec<Row>) -> Result<T, sqlx::Error>,
}

impl<Row, T> Future for Reading<'_, Row, T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let asked = self.asked.as_mut().poll(context);
        asked.map(|done| {
            done?;
            Ok((self.made)(self.so_far.with(std::mem::take))?)
        })
    }
}

/// Runs one query on whichever database the connection leads to.
pub(super) fn ask<'c, Row: Send + 'c, T>(
    conn: &'c mut Conn,
    texts: [&'static str; 2],
    bound: Result<Bound, StoreError>,
    wanted: Rows,
    read: fn(Found<'_>) -> Result<Row, sqlx::Error>,
    made: fn(Vec<Row>) -> Result<T, sqlx::Error>,
) -> Reading<'c, Row, T> {
    let rows = Arc::default();
    let collected = Collected { so_far: SoFar(Arc::clone(&rows)), read };
    let asked = answered(conn, texts, bound, wanted, Box::new(collected));
    Reading { asked, so_far: SoFar(rows), made }
}

/// Reading is tried again on another connection where this one was cut off.
fn answered<'c>(
    conn: &'c mut Conn,
    [sqlite, postgres]: [&'static str; 2],
    bound: Result<Bound, StoreError>,
    wanted: Rows,
    mut to: Box<dyn Collects + 'c>,
) -> Asked<'c, ()> {
    Box::pin(async move {
        conn.send_queued().await?;
        let done = match bound? {
            Bound::Sqlite(bound) => ask_sqlite(conn, sqlite, bound, wanted, &mut *to).await,
            Bound::Postgres(bound) => {
                let again = bound.clone();
                let done = ask_postgres(conn, postgres, bound, wanted, &mut *to).await;
                match conn.is_worth_another_try(&done).await {
                    true => {
                        to.forget();
                        ask_postgres(conn, postgres, again, wanted, &mut *to).await
                    }
                    false => done,
                }
            }
        };
        conn.noted(done)
    })
}

/// Writes; how many rows were written.
pub(super) fn run<'c>(
    conn: &'c mut Conn,
    sqlite: &'static str,
    postgres: &'static str,
    bound: Result<Bound, StoreError>,
) -> Asked<'c, u64> {
    Box::pin(async move {
        conn.send_queued().await?;
        let bound = bound?;
        let text = if conn.is_postgres() { postgres } else { sqlite };
        conn.remember(text);
        write(conn, text.into_sql_str(), bound).await
    })
}

/// Runs a text that was remembered; how many rows were written.
pub(super) async fn write(conn: &mut Conn, text: SqlStr, bound: Bound) -> Result<u64, StoreError> {
    let done = match bound {
        Bound::Sqlite(bound) => {
            let done = sqlx::query_with(text, bound).execute(conn.sqlite()?).await;
            done.map(|done| done.rows_affected())
        }
        Bound::Postgres(bound) => {
            let (conn, limit) = conn.postgres()?;
            let done = within(limit, sqlx::query_with(text, bound).execute(conn)).await;
            done.map(|done| done.rows_affected())
        }
    };
    conn.noted(done)
}

async fn ask_sqlite(
    conn: &mut Conn,
    text: &'static str,
    bound: SqliteArguments,
    wanted: Rows,
    to: &mut dyn Collects,
) -> Result<(), sqlx::Error> {
    conn.remember(text);
    let (query, conn) = (sqlx::query_with(text, bound), conn.sqlite()?);
    match wanted {
        Rows::All => {
            let mut rows = query.fetch(conn);
            while let Some(row) = rows.try_next().await? {
                to.take(Found::Sqlite(&row))?;
            }
        }
        Rows::First => {
            if let Some(row) = query.fetch_optional(conn).await? {
                to.take(Found::Sqlite(&row))?;
            }
        }
    }
    Ok(())
}

async fn ask_postgres(
    conn: &mut Conn,
    text: &'static str,
    bound: PgArguments,
    wanted: Rows,
    to: &mut dyn Collects,
) -> Result<(), sqlx::Error> {
    conn.remember(text);
    let query = sqlx::query_with(text, bound);
    let (conn, limit) = conn.postgres()?;
    let asked = async {
        match wanted {
            Rows::All => {
                let mut rows = query.fetch(conn);
                while let Some(row) = rows.try_next().await? {
                    to.take(Found::Postgres(&row))?;
                }
            }
            Rows::First => {
                if let Some(row) = query.fetch_optional(conn).await? {
                    to.take(Found::Postgres(&row))?;
                }
            }
        }
        Ok(())
    };
    within(limit, asked).await
}
