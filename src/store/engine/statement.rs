//! SQL texts as constants that know what they take and what they answer.

use std::marker::PhantomData;

use sqlx::{Decode, FromRow, Postgres, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use super::{Conn, StoreError, Tx, arguments::Arguments, postgres::within, seam::Backend};

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

/// Runs one fetch of a query on whichever database the connection leads to. Reading is tried again
/// on another connection where this one was cut off.
macro_rules! fetch {
    ($query:ident, $fetch:ident, $statement:expr, $conn:expr, $arguments:expr) => {{
        let done = match $conn.backend($statement.sqlite)? {
            Backend::Sqlite(conn) => {
                sqlx::$query($statement.sqlite, $arguments.sqlite()?).$fetch(conn).await
            }
            Backend::Postgres(conn, limit) => {
                let arguments = $arguments.postgres()?;
                let again = arguments.clone();
                let query = sqlx::$query($statement.postgres, arguments).$fetch(conn);
                let mut done = within(limit, query).await;
                if $conn.is_worth_another_try(&done).await
                    && let Backend::Postgres(conn, limit) = $conn.backend($statement.sqlite)?
                {
                    let query = sqlx::$query($statement.postgres, again).$fetch(conn);
                    done = within(limit, query).await;
                }
                done
            }
        };
        $conn.noted(done)
    }};
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

impl<Row: Read, Takes> Statement<Row, Takes> {
    /// All rows.
    pub async fn all(
        &self,
        conn: &mut Conn,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<Vec<Row>, StoreError> {
        fetch!(query_as_with, fetch_all, self, conn, arguments)
    }

    /// The first row, if there is one.
    pub async fn optional(
        &self,
        conn: &mut Conn,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<Option<Row>, StoreError> {
        fetch!(query_as_with, fetch_optional, self, conn, arguments)
    }
}

impl<Row: Value, Takes> Statement<Row, Takes> {
    /// The first column of the one row there always is, such as a count.
    pub async fn value(
        &self,
        conn: &mut Conn,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<Row, StoreError> {
        fetch!(query_scalar_with, fetch_one, self, conn, arguments)
    }

    /// The first column of the first row, if there is one.
    pub async fn optional_value(
        &self,
        conn: &mut Conn,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<Option<Row>, StoreError> {
        fetch!(query_scalar_with, fetch_optional, self, conn, arguments)
    }

    /// The first column of all rows.
    pub async fn values(
        &self,
        conn: &mut Conn,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<Vec<Row>, StoreError> {
        fetch!(query_scalar_with, fetch_all, self, conn, arguments)
    }
}

impl<Takes> Statement<(), Takes> {
    /// Writes; how many rows were written.
    pub async fn run(
        &self,
        tx: &mut Tx,
        arguments: impl Arguments<'_, Takes>,
    ) -> Result<u64, StoreError> {
        let done = match tx.backend(self.sqlite)? {
            Backend::Sqlite(conn) => {
                let query = sqlx::query_with(self.sqlite, arguments.sqlite()?);
                query.execute(conn).await.map(|done| done.rows_affected())
            }
            Backend::Postgres(conn, limit) => {
                let query = sqlx::query_with(self.postgres, arguments.postgres()?);
                within(limit, query.execute(conn)).await.map(|done| done.rows_affected())
            }
        };
        tx.noted(done)
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
