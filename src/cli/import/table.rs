//! One CSV file: its columns checked, its cells read with the line and column they stand in. A
//! fault is written down and reading goes on, so that all faults are told at once.

use std::{collections::HashMap, fmt::Display, path::Path, str::FromStr};

use super::{
    fault::{Fault, FaultList},
    text_file,
};
use crate::domain::{
    occupancy::MOST_PLACES,
    text::{Line, Paragraph},
};

/// A file's rows; none when the file cannot be used.
pub(super) struct Table<'f> {
    file: &'static str,
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
    faults: &'f FaultList,
}

impl<'f> Table<'f> {
    /// Reads a file whose columns are `expected`, and perhaps some of `more`, in any order.
    pub(super) fn read(
        dir: &Path,
        file: &'static str,
        (expected, more): (&[&'static str], &[&'static str]),
        faults: &'f FaultList,
    ) -> Self {
        let mut table = Self { file, columns: Vec::new(), rows: Vec::new(), faults };
        match std::fs::read(dir.join(file)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                table.fault(None, format!("there is no such file in {}", dir.display()));
            }
            Err(error) => table.fault(None, error),
            Ok(bytes) => match text_file::decode(&bytes) {
                Ok(text) => table.parse(text, expected, more),
                Err((line, message)) => table.fault(line, message),
            },
        }
        table
    }

    fn fault(&self, line: Option<u64>, message: impl Display) {
        let message = message.to_string();
        self.faults.add(Fault { file: self.file, line, column: None, message });
    }

    fn parse(&mut self, text: &str, expected: &[&'static str], more: &[&'static str]) {
        let first = text.lines().next().unwrap_or_default();
        let separator = match first.trim() {
            "sep=;" => Some("semicolons"),
            header => text_file::foreign_separator(header, expected),
        };
        if let Some(separator) = separator {
            return self.fault(Some(1), text_file::separated_by(separator));
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut records = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => records.push(record),
                Err(error) => return self.fault(None, error),
            }
        }
        let mut records = records.into_iter();
        let Some(header) = records.next() else {
            return self.fault(Some(1), "the file is empty; its first line names the columns");
        };
        self.columns = header.iter().map(|name| name.trim().to_owned()).collect();
        while self.columns.last().is_some_and(String::is_empty) {
            self.columns.pop();
        }
        if !self.knows_its_columns(expected, more) {
            return;
        }
        for record in records.filter(|record| record.iter().any(|cell| !cell.trim().is_empty())) {
            let offset = record.position().map_or(0, csv::Position::byte);
            let offset = usize::try_from(offset).unwrap_or_default();
            let line = text_file::line_at(text.as_bytes(), offset);
            if record.iter().skip(self.columns.len()).any(|cell| !cell.trim().is_empty()) {
                self.fault(Some(line), self.too_many_cells(&record));
            } else {
                self.rows.push((line, record));
            }
        }
    }

    fn knows_its_columns(&self, expected: &[&'static str], more: &[&'static str]) -> bool {
        let mut good = true;
        let mut fault = |message: String| {
            self.fault(Some(1), message);
            good = false;
        };
        for name in expected.iter().filter(|name| !self.columns.iter().any(|c| c == *name)) {
            fault(format!("the column {name} is missing"));
        }
        for (at, name) in self.columns.iter().enumerate() {
            if !expected.contains(&name.as_str()) && !more.contains(&name.as_str()) {
                fault(format!(
                    "the column \"{name}\" is unknown; there are {}",
                    [expected, more].concat().join(", ")
                ));
            } else if self.columns[..at].contains(name) {
                fault(format!("the column {name} stands twice"));
            }
        }
        good
    }

    fn too_many_cells(&self, record: &csv::StringRecord) -> String {
        format!(
            "{} cells, but the header names {}; put a cell that holds a comma between quotes",
            record.len(),
            self.columns.len()
        )
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { table: self, line: *line, record })
    }

    /// The rows' values by their key; a key that stands twice is a fault of the second row.
    pub(super) fn keyed<'a, T>(
        &'a self,
        key: &'static str,
        read: impl Fn(Row<'a>) -> Option<T>,
    ) -> Keyed<T> {
        let mut lines: HashMap<&str, u64> = HashMap::new();
        let mut keyed = Keyed { file: self.file, entries: Vec::with_capacity(self.rows.len()) };
        for row in self.rows() {
            let text = row.text(key);
            if let Some(first) = lines.insert(text, row.line) {
                row.fault::<()>(key, format!("\"{text}\" stands on line {first} already"));
            }
            keyed.entries.push((text.to_owned(), row.line, read(row)));
        }
        keyed
    }
}

/// What a file defines, by key, for other files to refer to.
pub(super) struct Keyed<T> {
    file: &'static str,
    entries: Vec<(String, u64, Option<T>)>,
}

impl<T> Keyed<T> {
    /// What a file that is not there defines: nothing.
    pub(super) const fn none(file: &'static str) -> Self {
        Self { file, entries: Vec::new() }
    }

    /// Everything that could be read, with the line it stands on.
    pub(super) fn values(&self) -> impl Iterator<Item = (u64, &T)> {
        self.entries.iter().filter_map(|(_, line, value)| Some((*line, value.as_ref()?)))
    }

    /// The same keys with what is made of the values; `f` is told the row's position too.
    pub(super) fn map<U>(self, mut f: impl FnMut(usize, T) -> Option<U>) -> Keyed<U> {
        let entries = self.entries.into_iter().enumerate();
        let entries = entries
            .map(|(at, (key, line, value))| (key, line, value.and_then(|value| f(at, value))));
        Keyed { file: self.file, entries: entries.collect() }
    }

    /// What a cell refers to. That the other row has faults of its own is not this cell's fault.
    pub(super) fn find(&self, row: Row<'_>, column: &'static str, key: &str) -> Option<&T> {
        match self.entries.iter().find(|(known, ..)| known == key) {
            Some((_, _, value)) => value.as_ref(),
            None => row.fault(column, format!("there is no \"{key}\" in {}", self.file)),
        }
    }
}

/// One row. Its methods write down what is wrong with a cell and answer `None`.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    pub(super) line: u64,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    pub(super) fn text(self, column: &str) -> &'a str {
        let at = self.table.columns.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// Writes down that a cell cannot be used.
    pub(super) fn fault<T>(self, column: &'static str, message: impl Display) -> Option<T> {
        let (file, message) = (self.table.file, message.to_string());
        self.table.faults.add(Fault { file, line: Some(self.line), column: Some(column), message });
        None
    }

    pub(super) fn required(self, column: &'static str) -> Option<String> {
        match self.text(column) {
            "" => self.fault(column, "must not be empty"),
            text => Some(text.to_owned()),
        }
    }

    /// A line of text that must be there, as pages take it.
    pub(super) fn line<const MAX: usize>(self, column: &'static str) -> Option<String> {
        self.required(column)?;
        self.checked(column, Line::<MAX>::parse(self.text(column))).map(|line| line.to_string())
    }

    /// A line of text that may be left out; empty then.
    pub(super) fn optional_line<const MAX: usize>(self, column: &'static str) -> Option<String> {
        let line = self.checked(column, Line::<MAX>::parse_optional(self.text(column)))?;
        Some(line.map_or_else(String::new, |line| line.to_string()))
    }

    /// Some sentences, which may be left out; empty then.
    pub(super) fn paragraph(self, column: &'static str) -> Option<String> {
        let text = self.checked(column, Paragraph::parse_optional(self.text(column)))?;
        Some(text.map_or_else(String::new, |text| text.as_str().to_owned()))
    }

    /// Some sentences, or `None` where there are none.
    pub(super) fn optional_paragraph(self, column: &'static str) -> Option<Option<String>> {
        self.paragraph(column).map(|text| (!text.is_empty()).then_some(text))
    }

    /// The lines of a list, each a phrase of up to 200 letters.
    pub(super) fn lines(self, column: &'static str) -> Option<Vec<String>> {
        let lines = self.list(column).into_iter();
        let lines: Vec<_> =
            lines.map(|phrase| self.checked(column, Line::<200>::parse(phrase))).collect();
        lines.into_iter().map(|line| line.map(|line| line.to_string())).collect()
    }

    pub(super) fn parse<T>(self, column: &'static str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(column);
        if text.is_empty() {
            return self.fault(column, "must not be empty");
        }
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let error = error.to_string();
                let quoted = format!("\"{text}\"");
                // Some faults quote the text themselves.
                let says_it = error.starts_with(&quoted);
                self.fault(column, if says_it { error } else { format!("{quoted}: {error}") })
            }
        }
    }

    /// A value, or `what` would do.
    pub(super) fn parse_as<T: FromStr>(self, column: &'static str, what: &str) -> Option<T> {
        let text = self.text(column);
        text.parse().ok().or_else(|| self.fault(column, format!("\"{text}\" is not {what}")))
    }

    /// A value, or `Some(None)` for an empty cell.
    pub(super) fn optional<T>(self, column: &'static str) -> Option<Option<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        if self.text(column).is_empty() { Some(None) } else { self.parse(column).map(Some) }
    }

    /// Whether a cell says `yes`; empty means no.
    pub(super) fn yes(self, column: &'static str) -> Option<bool> {
        match self.text(column) {
            "" | "no" => Some(false),
            "yes" => Some(true),
            other => self.fault(column, format!("\"{other}\" is neither yes nor no")),
        }
    }

    /// A whole number, or `Some(None)` for an empty cell.
    pub(super) fn optional_count(self, column: &'static str) -> Option<Option<u32>> {
        if self.text(column).is_empty() { Some(None) } else { self.count(column).map(Some) }
    }

    /// A whole number of at least 1.
    pub(super) fn count(self, column: &'static str) -> Option<u32> {
        let number: u32 = self.parse_as(column, "a whole number, such as 30")?;
        match number {
            0 => self.fault(column, "must be at least 1"),
            1..=MOST_PLACES => Some(number),
            _ => self.fault(column, format!("must be at most {MOST_PLACES}")),
        }
    }

    /// What a check of the domain says of a cell.
    pub(super) fn checked<T, E: Display>(
        self,
        column: &'static str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_or_else(|fault| self.fault(column, fault), Some)
    }

    /// The parts of a list separated by semicolons.
    pub(super) fn list(self, column: &str) -> Vec<&'a str> {
        self.text(column).split(';').map(str::trim).filter(|part| !part.is_empty()).collect()
    }
}
