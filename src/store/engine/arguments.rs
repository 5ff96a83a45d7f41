//! What statements are given: a few values by position, or many by name.

use sqlx::{
    Arguments as _, Encode, Postgres, Sqlite, Type, postgres::PgArguments, sqlite::SqliteArguments,
};

use super::StoreError;

/// What a statement that takes `Takes` can be given: as many values as it has parameters, in an
/// array or a tuple, or the struct of `arguments!` it was written for.
#[diagnostic::on_unimplemented(
    message = "this statement does not take these arguments",
    note = "an array or a tuple has one value for each of `$1`, `$2` and so on"
)]
pub trait Arguments<'q, Takes>: Send {
    /// Adds them to those of SQLite.
    fn add_to_sqlite(self, all: &mut SqliteArguments) -> Result<(), StoreError>;

    /// Adds them to those of PostgreSQL.
    fn add_to_postgres(self, all: &mut PgArguments) -> Result<(), StoreError>;
}

/// A value that both databases take.
pub trait Argument<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> + Send
{
}

impl<'q, T> Argument<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> + Send
{
}

/// Adds a value to SQLite's arguments.
pub fn add_sqlite<'q>(
    to: &mut SqliteArguments,
    value: impl Argument<'q>,
) -> Result<(), StoreError> {
    to.add(value).map_err(|error| StoreError::Failed(sqlx::Error::Encode(error)))
}

/// Adds a value to PostgreSQL's arguments.
pub fn add_postgres<'q>(to: &mut PgArguments, value: impl Argument<'q>) -> Result<(), StoreError> {
    to.add(value).map_err(|error| StoreError::Failed(sqlx::Error::Encode(error)))
}

impl<'q, T: Argument<'q>, const N: usize> Arguments<'q, [(); N]> for [T; N] {
    fn add_to_sqlite(self, all: &mut SqliteArguments) -> Result<(), StoreError> {
        self.into_iter().try_for_each(|value| add_sqlite(all, value))
    }

    fn add_to_postgres(self, all: &mut PgArguments) -> Result<(), StoreError> {
        self.into_iter().try_for_each(|value| add_postgres(all, value))
    }
}

impl Arguments<'_, [(); 0]> for () {
    fn add_to_sqlite(self, _: &mut SqliteArguments) -> Result<(), StoreError> {
        Ok(())
    }

    fn add_to_postgres(self, _: &mut PgArguments) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Lets a tuple of so many values be given to a statement with as many parameters.
macro_rules! tuple {
    ($count:literal: $($value:ident)+) => {
        #[expect(non_snake_case, reason = "a type parameter and its value share a name")]
        impl<'q, $($value: Argument<'q>),+> Arguments<'q, [(); $count]> for ($($value,)+) {
            fn add_to_sqlite(self, all: &mut SqliteArguments) -> Result<(), StoreError> {
                let ($($value,)+) = self;
                $(add_sqlite(all, $value)?;)+
                Ok(())
            }

            fn add_to_postgres(self, all: &mut PgArguments) -> Result<(), StoreError> {
                let ($($value,)+) = self;
                $(add_postgres(all, $value)?;)+
                Ok(())
            }
        }
    };
}

tuple!(2: A B);
tuple!(3: A B C);
tuple!(4: A B C D);
tuple!(5: A B C D E);
tuple!(6: A B C D E F);
tuple!(7: A B C D E F G);
tuple!(8: A B C D E F G H);

/// Declares a struct that is given to a statement by the names of its fields: `:name` in the text
/// is the field of that name, `:columns` all names and `:values` all values.
macro_rules! arguments {
    ($(#[$meta:meta])* $vis:vis struct $name:ident<$life:lifetime> {
        $($(#[$doc:meta])* $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name<$life> { $($(#[$doc])* $field: $type),* }

        impl $name<'_> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl<$life> $crate::store::engine::arguments::Arguments<$life, $name<'static>>
            for $name<$life>
        {
            fn add_to_sqlite(
                self,
                all: &mut sqlx::sqlite::SqliteArguments,
            ) -> Result<(), $crate::store::StoreError> {
                $($crate::store::engine::arguments::add_sqlite(all, self.$field)?;)*
                Ok(())
            }

            fn add_to_postgres(
                self,
                all: &mut sqlx::postgres::PgArguments,
            ) -> Result<(), $crate::store::StoreError> {
                $($crate::store::engine::arguments::add_postgres(all, self.$field)?;)*
                Ok(())
            }
        }
    };
}

/// Declares a struct that rows are read as, by the names of their columns. Its first field can be
/// another such struct, whose columns are read beside its own.
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        #[flatten] $base:ident: $row:ty,
        $($(#[$doc:meta])* $part:vis $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $base: $row, $($(#[$doc])* $part $field: $type),* }

        read_by_names!($name [$base] [$($field)*]);

        #[cfg(test)]
        impl $crate::store::checks::Columns for $name {
            const COLUMNS: &'static [$crate::store::checks::Column] =
                &[$($crate::store::checks::Column::of::<$type>(Some(stringify!($field)))),*];
            const BESIDE: &'static [$crate::store::checks::Column] =
                <$row as $crate::store::checks::Columns>::COLUMNS;
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$doc:meta])* $part:vis $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$doc])* $part $field: $type),* }

        read_by_names!($name [] [$($field)*]);

        #[cfg(test)]
        impl $crate::store::checks::Columns for $name {
            const COLUMNS: &'static [$crate::store::checks::Column] =
                &[$($crate::store::checks::Column::of::<$type>(Some(stringify!($field)))),*];
        }
    };
}

/// How a row of either database is read as such a struct.
macro_rules! read_by_names {
    ($name:ident $base:tt $fields:tt) => {
        read_by_names!(sqlx::sqlite::SqliteRow, $name $base $fields);
        read_by_names!(sqlx::postgres::PgRow, $name $base $fields);
    };
    ($row:ty, $name:ident [$($base:ident)?] [$($field:ident)*]) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($base: sqlx::FromRow::from_row(row)?,)?
                    $($field: sqlx::Row::try_get(row, stringify!($field))?,)*
                })
            }
        }
    };
}
