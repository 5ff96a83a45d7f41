//! Whether each text takes and answers what the program gives and reads.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sqlx::{
    Column as _, Either, Executor, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool,
    Statement as _, Type, TypeInfo, postgres::PgTypeInfo, sqlite::SqliteTypeInfo,
};
use uuid::Uuid;

use super::{Described, all, database};
use crate::store::engine::statement::parameters;

/// A column that a row is read from.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    name: Option<&'static str>,
    sqlite: fn(&SqliteTypeInfo) -> bool,
    postgres: fn(&PgTypeInfo) -> bool,
}

impl Column {
    /// A column read as `T`: by its name, or by where it stands.
    pub const fn of<T: Type<Sqlite> + Type<Postgres>>(name: Option<&'static str>) -> Self {
        Self {
            name,
            sqlite: <T as Type<Sqlite>>::compatible,
            postgres: <T as Type<Postgres>>::compatible,
        }
    }
}

/// What is read from columns.
pub trait Columns {
    /// Which.
    const COLUMNS: &'static [Column];
    /// Those of a struct that is a field of this one.
    const BESIDE: &'static [Column] = &[];
}

impl Columns for () {
    const COLUMNS: &'static [Column] = &[];
}

macro_rules! single {
    ($($type:ty),+) => {
        $(impl Columns for $type {
            const COLUMNS: &'static [Column] = &[Column::of::<$type>(None)];
        }

        impl Columns for Option<$type> {
            const COLUMNS: &'static [Column] = &[Column::of::<$type>(None)];
        })+
    };
}

single!(i32, i64, bool, String, Uuid, Vec<u8>, DateTime<Utc>, NaiveDate, NaiveDateTime);

macro_rules! tuple {
    ($($part:ident)+) => {
        impl<$($part: Type<Sqlite> + Type<Postgres>),+> Columns for ($($part,)+) {
            const COLUMNS: &'static [Column] = &[$(Column::of::<$part>(None)),+];
        }
    };
}

tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);

/// A column as a database describes it, and whether each type that is read takes it.
struct Found<T> {
    name: String,
    /// `None` where the database cannot tell.
    kind: Option<T>,
}

/// What is wrong with a text that takes `taken` parameters and answers `found`.
fn faults<T: std::fmt::Debug>(
    statement: &Described,
    text: &str,
    taken: usize,
    found: &[Found<T>],
    fits: impl Fn(&Column, &T) -> bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    if taken != parameters(text) {
        faults.push(format!("{statement}: takes {taken} parameters, not {}", parameters(text)));
    }
    let by_position = statement.columns().all(|column| column.name.is_none());
    if by_position && statement.columns().count() != found.len() {
        let (read, answered) = (statement.columns().count(), found.len());
        faults.push(format!("{statement}: {answered} columns are read as {read}"));
    }
    for (position, column) in statement.columns().enumerate() {
        let answer = match column.name {
            Some(name) => found.iter().find(|found| found.name == name),
            None => found.get(position),
        };
        match answer {
            None => faults.push(format!("{statement}: no column for {:?}", column.name)),
            Some(Found { name, kind: Some(kind) }) if !fits(column, kind) => {
                faults.push(format!("{statement}: {name} is {kind:?}, which is read as another"));
            }
            Some(_) => {}
        }
    }
    faults
}

async fn faults_on_sqlite(pool: &SqlitePool, statement: &Described) -> Vec<String> {
    let prepared = match pool.prepare(statement.sqlite.into_sql_str()).await {
        Ok(prepared) => prepared,
        Err(error) => return vec![format!("{statement}: {error}")],
    };
    let found: Vec<_> = prepared
        .columns()
        .iter()
        .map(|column| {
            let kind = column.type_info().clone();
            // What is computed has no declared type.
            Found { name: column.name().to_owned(), kind: (!kind.is_null()).then_some(kind) }
        })
        .collect();
    let taken = count(prepared.parameters());
    faults(statement, statement.sqlite, taken, &found, |column, kind| (column.sqlite)(kind))
}

async fn faults_on_postgres(pool: &PgPool, statement: &Described) -> Vec<String> {
    let prepared = match pool.prepare(statement.postgres.into_sql_str()).await {
        Ok(prepared) => prepared,
        Err(error) => return vec![format!("{statement}: {error}")],
    };
    let found: Vec<_> = prepared
        .columns()
        .iter()
        .map(|column| Found {
            name: column.name().to_owned(),
            kind: Some(column.type_info().clone()),
        })
        .collect();
    let taken = count(prepared.parameters());
    faults(statement, statement.postgres, taken, &found, |column, kind| (column.postgres)(kind))
}

fn count<T>(parameters: Option<Either<&[T], usize>>) -> usize {
    match parameters {
        Some(Either::Left(kinds)) => kinds.len(),
        Some(Either::Right(count)) => count,
        None => 0,
    }
}

/// Statements that do not fit, to see that each fault is seen.
fn unfit() -> Vec<Described> {
    row! {
        #[expect(dead_code, reason = "only its columns are looked at")]
        struct Course { slug: String, titel: String }
    }
    row! {
        #[expect(dead_code, reason = "only its columns are looked at")]
        struct Minutes { learning_minutes: String }
    }
    let text = |name, text, columns| {
        let file = file!();
        Described {
            file,
            name,
            sqlite: text,
            postgres: text,
            columns,
            beside: &[],
            reads_all: None,
        }
    };
    vec![
        text("MISSPELT", "select slug, titel from courses", <(String, String)>::COLUMNS),
        text("NO_SUCH_FIELD", "select * from courses where slug = $1", Course::COLUMNS),
        text("OTHER_TYPE", "select learning_minutes from courses", Minutes::COLUMNS),
        text("TOO_FEW_COLUMNS", "select slug from courses", <(String, String)>::COLUMNS),
        text("ANSWERS", "select slug from courses", <()>::COLUMNS),
    ]
}

#[tokio::test]
async fn every_text_fits_sqlite() {
    let database = database::on_sqlite().await;
    for statement in unfit() {
        assert!(!faults_on_sqlite(&database.pool, &statement).await.is_empty(), "{statement}");
    }
    let mut faults = Vec::new();
    for statement in all() {
        faults.extend(faults_on_sqlite(&database.pool, &statement).await);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn every_text_fits_postgres() {
    let Some(pool) = database::on_postgres().await else { return };
    for statement in unfit() {
        assert!(!faults_on_postgres(&pool, &statement).await.is_empty(), "{statement}");
    }
    let mut faults = Vec::new();
    for statement in all() {
        faults.extend(faults_on_postgres(&pool, &statement).await);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
