//! One CSV file: its columns checked, its cells read with the line and column they stand in.

use std::{fmt::Display, path::Path, str::FromStr};

/// A cell that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}, column {column}: {message}")]
pub struct CellError {
    /// The file's name.
    pub file: &'static str,
    /// The line, from 1, the header being 1.
    pub line: u64,
    /// The column's name.
    pub column: &'static str,
    /// What is wrong with it.
    pub message: String,
}

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is missing or broken.
    #[error("{file}: {source}")]
    Unreadable {
        /// The file's name.
        file: &'static str,
        /// Why.
        source: csv::Error,
    },
    /// Its header is not the documented one.
    #[error("{file} line 1: {message}")]
    Header {
        /// The file's name.
        file: &'static str,
        /// Which column is missing or unknown.
        message: String,
    },
}

/// A file's rows.
pub(super) struct Table {
    file: &'static str,
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    pub(super) fn read(
        dir: &Path,
        file: &'static str,
        expected: &[&str],
    ) -> Result<Self, TableError> {
        let unreadable = |source| TableError::Unreadable { file, source };
        let mut reader = csv::Reader::from_path(dir.join(file)).map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        let columns: Vec<String> = header
            .iter()
            .map(|name| name.trim_start_matches('\u{FEFF}').trim().to_owned())
            .collect();
        let wrong = |message| TableError::Header { file, message };
        if let Some(missing) = expected.iter().find(|name| !columns.iter().any(|c| c == *name)) {
            return Err(wrong(format!("the column {missing} is missing")));
        }
        if let Some(unknown) = columns.iter().find(|name| !expected.contains(&name.as_str())) {
            return Err(wrong(format!("the column {unknown} is unknown")));
        }
        let rows = reader.records().collect::<Result<_, _>>().map_err(unreadable)?;
        Ok(Self { file, columns, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    pub(super) fn text(self, column: &str) -> &'a str {
        let at = self.table.columns.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    pub(super) fn fail(self, column: &'static str, message: impl Display) -> CellError {
        let line = self.record.position().map_or(0, csv::Position::line);
        CellError { file: self.table.file, line, column, message: message.to_string() }
    }

    pub(super) fn required(self, column: &'static str) -> Result<String, CellError> {
        match self.text(column) {
            "" => Err(self.fail(column, "must not be empty")),
            text => Ok(text.to_owned()),
        }
    }

    pub(super) fn parse<T>(self, column: &'static str) -> Result<T, CellError>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(column);
        text.parse().map_err(|error| self.fail(column, format!("\"{text}\": {error}")))
    }

    pub(super) fn optional<T>(self, column: &'static str) -> Result<Option<T>, CellError>
    where
        T: FromStr,
        T::Err: Display,
    {
        if self.text(column).is_empty() { Ok(None) } else { self.parse(column).map(Some) }
    }

    /// The parts of a list separated by semicolons.
    pub(super) fn list(self, column: &str) -> Vec<&'a str> {
        self.text(column).split(';').map(str::trim).filter(|part| !part.is_empty()).collect()
    }
}
