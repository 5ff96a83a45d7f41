//! What runs a statement, whatever it takes and answers: written once, so that it is compiled once, and not for each
//! of more than a thousand statements. Only reading a row knows what it is read as.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

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

/// What the database answered.
pub(super) enum Answer {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
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

impl Answer {
    pub(super) fn rows<Row: Read>(&self) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(Row::from_row).collect(),
            Self::Postgres(rows) => rows.iter().map(Row::from_row).collect(),
        }
    }

    pub(super) fn row<Row: Read>(&self) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows()?.pop())
    }

    pub(super) fn value<T: Value>(&self) -> Result<Option<T>, sqlx::Error> {
        Ok(self.values()?.pop())
    }

    pub(super) fn one_value<T: Value>(&self) -> Result<T, sqlx::Error> {
        self.value()?.ok_or(sqlx::Error::RowNotFound)
    }

    pub(super) fn values<T: Value>(&self) -> Result<Vec<T>, sqlx::Error> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
        }
    }
}

/// What the database was asked for.
///
/// In a box, so that nobody who waits for it is proven to be `Send` down to what a driver waits for: the compiler
/// would prove that anew for each of two thousand functions (see [`crate::proven`]).
pub type Asked<'c, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'c>>;

/// What was asked for, and what its rows are to be read as.
#[must_use = "nothing is asked before it is waited for"]
pub struct Reading<'c, T> {
    pub(super) asked: Asked<'c, Answer>,
    pub(super) read: fn(&Answer) -> Result<T, sqlx::Error>,
}

impl<T> Future for Reading<'_, T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        let asked = self.asked.as_mut().poll(context);
        asked.map(|answer| Ok(read(&answer?)?))
    }
}

/// Runs one query on whichever database the connection leads to. Reading is tried again on another connection where
/// this one was cut off.
pub(super) fn ask<'c>(
    conn: &'c mut Conn,
    sqlite: &'static str,
    postgres: &'static str,
    bound: Result<Bound, StoreError>,
    rows: Rows,
) -> Asked<'c, Answer> {
    Box::pin(async move {
        conn.send_queued().await?;
        let done = match bound? {
            Bound::Sqlite(bound) => ask_sqlite(conn, sqlite, bound, rows).await,
            Bound::Postgres(bound) => {
                let again = bound.clone();
                let done = ask_postgres(conn, postgres, bound, rows).await;
                match conn.is_worth_another_try(&done).await {
                    true => ask_postgres(conn, postgres, again, rows).await,
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
    rows: Rows,
) -> Result<Answer, sqlx::Error> {
    conn.remember(text);
    let (query, conn) = (sqlx::query_with(text, bound), conn.sqlite()?);
    let found = match rows {
        Rows::All => query.fetch_all(conn).await?,
        Rows::First => Vec::from_iter(query.fetch_optional(conn).await?),
    };
    Ok(Answer::Sqlite(found))
}

async fn ask_postgres(
    conn: &mut Conn,
    text: &'static str,
    bound: PgArguments,
    rows: Rows,
) -> Result<Answer, sqlx::Error> {
    conn.remember(text);
    let query = sqlx::query_with(text, bound);
    let (conn, limit) = conn.postgres()?;
    let found = match rows {
        Rows::All => within(limit, query.fetch_all(conn)).await?,
        Rows::First => Vec::from_iter(within(limit, query.fetch_optional(conn)).await?),
    };
    Ok(Answer::Postgres(found))
}
