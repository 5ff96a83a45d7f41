//! What runs a statement, whatever it takes and answers: written once, so that it is compiled once, and not for each
//! of more than a thousand statements. Only reading a row knows what it is read as.

use sqlx::{
    Row as _,
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
        Ok(match conn.is_postgres() {
            true => Self::Postgres(arguments.postgres()?),
            false => Self::Sqlite(arguments.sqlite()?),
        })
    }
}

impl Answer {
    pub(super) fn rows<Row: Read>(&self) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(Row::from_row).collect(),
            Self::Postgres(rows) => rows.iter().map(Row::from_row).collect(),
        }
    }

    pub(super) fn values<T: Value>(&self) -> Result<Vec<T>, sqlx::Error> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| row.try_get(0)).collect(),
        }
    }
}

/// Runs one query on whichever database the connection leads to. Reading is tried again on another connection where
/// this one was cut off.
pub(super) async fn ask(
    conn: &mut Conn,
    sqlite: &'static str,
    postgres: &'static str,
    bound: Bound,
    rows: Rows,
) -> Result<Answer, StoreError> {
    let done = match bound {
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
}

/// Writes; how many rows were written.
pub(super) async fn run(
    conn: &mut Conn,
    sqlite: &'static str,
    postgres: &'static str,
    bound: Bound,
) -> Result<u64, StoreError> {
    let done = match bound {
        Bound::Sqlite(bound) => {
            let query = sqlx::query_with(sqlite, bound);
            query.execute(conn.sqlite(sqlite)?).await.map(|done| done.rows_affected())
        }
        Bound::Postgres(bound) => {
            let query = sqlx::query_with(postgres, bound);
            let (conn, limit) = conn.postgres(postgres)?;
            within(limit, query.execute(conn)).await.map(|done| done.rows_affected())
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
    let (query, conn) = (sqlx::query_with(text, bound), conn.sqlite(text)?);
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
    let query = sqlx::query_with(text, bound);
    let (conn, limit) = conn.postgres(text)?;
    let found = match rows {
        Rows::All => within(limit, query.fetch_all(conn)).await?,
        Rows::First => Vec::from_iter(within(limit, query.fetch_optional(conn)).await?),
    };
    Ok(Answer::Postgres(found))
}
