//! Every SQL text is checked on both databases without running the feature that needs it.

mod columns;
pub mod database;
mod filled;
mod indexes;
mod personal;
mod plans;
mod recognition;
mod written;

pub use columns::{Column, Columns};

/// What the checks know of a statement.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The file that declares it.
    pub file: &'static str,
    /// Its constant.
    pub name: &'static str,
    /// Its text for SQLite.
    pub sqlite: &'static str,
    /// Its text for PostgreSQL.
    pub postgres: &'static str,
    /// What its answer is read as.
    pub columns: &'static [Column],
    /// And the columns of a struct inside that one.
    pub beside: &'static [Column],
    /// Why it may read the whole of a table that grows.
    pub reads_all: Option<&'static str>,
}

impl Described {
    fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().chain(self.beside)
    }
}

impl std::fmt::Display for Described {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} {}", self.file, self.name)
    }
}

fn all() -> impl Iterator<Item = Described> {
    super::STATEMENTS.iter().copied().flatten().copied()
}
