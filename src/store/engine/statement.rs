//! SQL texts as constants that know what they take and what they answer.

use std::marker::PhantomData;

use sqlx::{Decode, FromRow, Postgres, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use super::{
    Conn, Tx,
    answer::{self, Asked, Bound, Found, Reading, Rows},
    arguments::Arguments,
};

/// One SQL text for both databases: `Row` is what a row of its answer is read as, `Takes` what it
/// is given. Declared by `statements!`.
pub struct Statement<Row, Takes> {
    sqlite: &'static str,
    postgres: &'static str,
    types: PhantomData<fn(Takes) -> Row>,
}

/// What a whole row can be read as, on both databases: a struct of `row!`, or a tuple.
pub trait Read: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Read for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// What a single column can be read as, on both databases.
pub trait Value:
    Type<Sqlite>
    + for<'r> Decode<'r, Sqlite>
    + Type<Postgres>
    + for<'r> Decode<'r, Postgres>
    + Send
    + Unpin
{
}

impl<T> Value for T where
    T: Type<Sqlite>
        + for<'r> Decode<'r, Sqlite>
        + Type<Postgres>
        + for<'r> Decode<'r, Postgres>
        + Send
        + Unpin
{
}

impl<Row, Takes> Statement<Row, Takes> {
    /// For `statements!` alone, so that no text is left off the list that is checked.
    pub const fn new(sqlite: &'static str, postgres: &'static str) -> Self {
        assert!(
            parameters(sqlite) == parameters(postgres),
            "both texts must take the same parameters"
        );
        Self { sqlite, postgres, types: PhantomData }
    }
}

impl<Row, Takes> Statement<Row, Takes> {
    fn ask<'c, 'q, T>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
        wanted: Rows,
        read: fn(Found<'_>) -> Result<Row, sqlx::Error>,
        made: fn(Vec<Row>) -> Result<T, sqlx::Error>,
    ) -> Reading<'c, Row, T>
    where
        Row: Send + 'c,
    {
        let bound = Bound::of(conn, arguments);
        answer::ask(conn, [self.sqlite, self.postgres], bound, wanted, read, made)
    }
}

impl<Row: Read + 'static, Takes> Statement<Row, Takes> {
    /// All rows.
    pub fn all<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Vec<Row>> {
        self.ask(conn, arguments, Rows::All, answer::row, Ok)
    }

    /// The one row there always is, such as two counts.
    pub fn one<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Row> {
        self.ask(conn, arguments, Rows::First, answer::row, the_one)
    }

    /// The first row, if there is one.
    pub fn optional<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Option<Row>> {
        self.ask(conn, arguments, Rows::First, answer::row, first)
    }
}

impl<Row: Value + 'static, Takes> Statement<Row, Takes> {
    /// The first column of the one row there always is, such as a count.
    pub fn value<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Row> {
        self.ask(conn, arguments, Rows::First, answer::value, the_one)
    }

    /// The first column of the first row, if there is one.
    pub fn optional_value<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Option<Row>> {
        self.ask(conn, arguments, Rows::First, answer::value, first)
    }

    /// The first column of all rows.
    pub fn values<'c, 'q>(
        &self,
        conn: &'c mut Conn,
        arguments: impl Arguments<'q, Takes>,
    ) -> Reading<'c, Row, Vec<Row>> {
        self.ask(conn, arguments, Rows::All, answer::value, Ok)
    }
}

fn first<Row>(mut rows: Vec<Row>) -> Result<Option<Row>, sqlx::Error> {
    Ok(rows.pop())
}

fn the_one<Row>(mut rows: Vec<Row>) -> Result<Row, sqlx::Error> {
    rows.pop().ok_or(sqlx::Error::RowNotFound)
}

impl<Takes> Statement<(), Takes> {
    /// Writes; how many rows were written.
    pub fn run<'c, 'q>(
        &self,
        tx: &'c mut Tx,
        arguments: impl Arguments<'q, Takes>,
    ) -> Asked<'c, u64> {
        let bound = Bound::of(tx, arguments);
        answer::run(tx, self.sqlite, self.postgres, bound)
    }

    /// Writes with whatever the transaction asks next, or with its commit: that is where it fails, if it does. It
    /// must read nothing that was written later before it.
    pub fn later<'c, 'q>(
        &self,
        tx: &'c mut Tx,
        arguments: impl Arguments<'q, Takes>,
    ) -> Asked<'c, ()> {
        let text = if tx.is_postgres() { self.postgres } else { self.sqlite };
        if tx.is_queued(text) {
            let run = self.run(tx, arguments);
            return Box::pin(async move { run.await.map(|_| ()) });
        }
        tx.queue(text, arguments);
        Box::pin(std::future::ready(Ok(())))
    }
}

#[cfg(test)]
impl<Row: crate::store::checks::Columns, Takes> Statement<Row, Takes> {
    pub const fn described(
        &self,
        file: &'static str,
        name: &'static str,
        reads_all: Option<&'static str>,
    ) -> crate::store::checks::Described {
        crate::store::checks::Described {
            file,
            name,
            sqlite: self.sqlite,
            postgres: self.postgres,
            columns: Row::COLUMNS,
            beside: Row::BESIDE,
            reads_all,
        }
    }
}

/// How many parameters a text takes: the highest of its `$1`, `$2` and so on.
pub const fn parameters(text: &str) -> usize {
    let text = text.as_bytes();
    let (mut highest, mut at) = (0, 0);
    while at < text.len() {
        let (mut number, mut digit) = (0, at + 1);
        while text[at] == b'$' && digit < text.len() && text[digit].is_ascii_digit() {
            number = number * 10 + (text[digit] - b'0') as usize;
            digit += 1;
        }
        if number > highest {
            highest = number;
        }
        at += 1;
    }
    highest
}

/// Declares the SQL texts of a file, each once, and lists them for the checks. See the module
/// documentation of [`crate::store`] for how to write one.
macro_rules! statements {
    (@ [$($name:ident $reason:expr;)*]) => {
        #[cfg(test)]
        pub(super) const STATEMENTS: &[$crate::store::checks::Described] =
            &[$($name.described(file!(), stringify!($name), $reason)),*];
    };
    (@ [$($listed:tt)*] $(#[$meta:meta])* $vis:vis $name:ident $(($takes:ident))? $(: $row:ty)?
        = { sqlite: $sqlite:expr, postgres: $postgres:expr $(,)? }
        $(, reads_all: $reason:expr)?; $($rest:tt)*
    ) => {
        statements!(@const [$(#[$meta])* $vis] $name [$($takes)?] [$($row)?] $sqlite, $postgres);
        statements!(@ [$($listed)* $name statements!(@reason $($reason)?);] $($rest)*);
    };
    (@ [$($listed:tt)*] $(#[$meta:meta])* $vis:vis $name:ident $(($takes:ident))? $(: $row:ty)?
        = $text:expr $(, reads_all: $reason:expr)?; $($rest:tt)*
    ) => {
        statements!(@const [$(#[$meta])* $vis] $name [$($takes)?] [$($row)?] $text, $text);
        statements!(@ [$($listed)* $name statements!(@reason $($reason)?);] $($rest)*);
    };
    (@const [$($front:tt)*] $name:ident [] [$($row:ty)?] $sqlite:expr, $postgres:expr) => {
        $($front)* const $name: $crate::store::engine::statement::Statement<
            statements!(@row $($row)?),
            [(); $crate::store::engine::statement::parameters($sqlite)],
        > = $crate::store::engine::statement::Statement::new($sqlite, $postgres);
    };
    (@const [$($front:tt)*] $name:ident [$takes:ident] [$($row:ty)?]
        $sqlite:expr, $postgres:expr
    ) => {
        $($front)* const $name: $crate::store::engine::statement::Statement<
            statements!(@row $($row)?),
            $takes<'static>,
        > = $crate::store::engine::statement::Statement::new(
            numbered!($sqlite, $takes), numbered!($postgres, $takes),
        );
    };
    (@row) => { () };
    (@row $row:ty) => { $row };
    (@reason) => { None };
    (@reason $reason:expr) => { Some($reason) };
    ($($statements:tt)*) => { statements!(@ [] $($statements)*); };
}
