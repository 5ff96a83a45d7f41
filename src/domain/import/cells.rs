//! One row of a table, read field by field: what cannot be used is written down with its place.

use std::{cell::RefCell, collections::HashMap, str::FromStr};

use chrono::{NaiveDate, NaiveTime};

use super::{
    DateOrder, Field, ImportKind, Known, Read, RowFault, Said, Sheet, fields,
    moments::{self, DateFault},
    said,
};
use crate::domain::{
    alliance::Alliance,
    contact::{EmailAddress, PhoneNumber},
    finding::folded,
    institution::{Institution, may_be_one},
    text::{Line, Name, TextFault},
    wording,
};

/// A table with what its columns hold, and where faults are written down.
pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) known: &'a Known,
    pub(super) all: &'a Said,
    columns: Vec<Option<&'static Field>>,
    today: NaiveDate,
    faults: RefCell<Vec<RowFault>>,
    ambiguous: RefCell<Option<String>>,
    /// What each name of an institution was found to mean: most rows name the same few.
    named: RefCell<HashMap<String, Named>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        kind: ImportKind,
        sheet: &'a Sheet,
        (known, all): (&'a Known, &'a Said),
        today: NaiveDate,
    ) -> Self {
        let held = |column: usize| {
            let key = said(all, &format!("column-{column}"));
            fields(kind).iter().find(|field| field.key == key)
        };
        let columns = (0..sheet.heads.len()).map(held).collect();
        let (faults, ambiguous) = (RefCell::default(), RefCell::default());
        let named = RefCell::default();
        Self { sheet, known, all, columns, today, faults, ambiguous, named }
    }

    pub(super) fn holds(&self, key: &str) -> bool {
        self.columns.iter().flatten().any(|field| field.key == key)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Cells<'_>> {
        self.sheet.rows.iter().map(|(row, cells)| Cells { reader: self, row: *row, cells })
    }

    /// Something that is wrong with the whole of the file.
    pub(super) fn fault(&self, message: impl Into<String>) {
        self.add(RowFault { row: 0, column: None, message: message.into() });
    }

    fn add(&self, fault: RowFault) {
        self.faults.borrow_mut().push(fault);
    }

    pub(super) fn into_read<T>(self, rows: Vec<T>) -> Read<T> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        Read { rows, faults, ambiguous: self.ambiguous.into_inner() }
    }
}

/// What a row says of an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Nothing.
    Nobody,
    /// One on the list.
    Listed(Institution),
    /// A name that stands on the list otherwise or not at all; those it may mean.
    Typed(Name, Vec<Institution>),
}

/// One row. Its methods write down what is wrong with a cell and answer `None`.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    reader: &'a Reader<'a>,
    pub(super) row: u32,
    cells: &'a [String],
}

impl<'a> Cells<'a> {
    /// What stands in the first filled column of a field.
    pub(super) fn text(self, key: &str) -> &'a str {
        let columns = self.reader.columns.iter().enumerate();
        let of_it = columns.filter(|(_, field)| field.is_some_and(|field| field.key == key));
        let mut texts = of_it.filter_map(|(at, _)| self.cells.get(at)).map(|cell| cell.trim());
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// What is known already.
    pub(super) fn known(self) -> &'a Known {
        self.reader.known
    }

    /// The same, or what was said of every row.
    pub(super) fn text_or_said(self, key: &str) -> &'a str {
        match self.text(key) {
            "" => said(self.reader.all, key),
            text => text,
        }
    }

    pub(super) fn fault<T>(self, key: &str, message: impl Into<String>) -> Option<T> {
        let columns = self.reader.columns.iter();
        let at = columns.clone().position(|field| field.is_some_and(|field| field.key == key));
        let column = at.map(|at| self.reader.sheet.heading(at));
        self.reader.add(RowFault { row: self.row, column, message: message.into() });
        None
    }

    /// Somebody's name: in one column, or in two.
    pub(super) fn name(self) -> Option<Option<Name>> {
        let parts = [self.text("first_name"), self.text("last_name")];
        let parted = parts.iter().filter(|part| !part.is_empty()).copied();
        let parted = parted.collect::<Vec<_>>().join(" ");
        let whole = self.text("name");
        self.line_of("name", if whole.is_empty() { &parted } else { whole })
    }

    pub(super) fn line<const MAX: usize>(self, key: &str) -> Option<Option<Line<MAX>>> {
        self.line_of(key, self.text(key))
    }

    pub(super) fn line_or_said<const MAX: usize>(self, key: &str) -> Option<Option<Line<MAX>>> {
        self.line_of(key, self.text_or_said(key))
    }

    fn line_of<const MAX: usize>(self, key: &str, text: &str) -> Option<Option<Line<MAX>>> {
        // A cell may hold line breaks where a field has none.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match Line::parse_optional(&text) {
            Ok(line) => Some(line),
            Err(TextFault::TooLong { max }) => {
                self.fault(key, format!("is longer than {max} letters"))
            }
            Err(_) => self.fault(key, "holds signs that cannot be shown"),
        }
    }

    pub(super) fn email(self, key: &str) -> Option<Option<EmailAddress>> {
        let text = self.text_or_said(key);
        // Some programs write `Ada Obi <ada@example.org>`.
        let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
        let text = inner.unwrap_or(text);
        let text = text.strip_prefix("mailto:").unwrap_or(text);
        if text.is_empty() || text == "-" {
            return Some(None);
        }
        match text.parse() {
            Ok(email) => Some(Some(email)),
            Err(_) => self.fault(
                key,
                format!("\u{201c}{text}\u{201d} is no email address, such as name@example.org"),
            ),
        }
    }

    /// A number, with the nought that spreadsheets take away.
    pub(super) fn phone(self, key: &str) -> Option<Option<PhoneNumber>> {
        let text = self.text_or_said(key);
        if text.is_empty() || text == "-" {
            return Some(None);
        }
        let is_cut = text.contains(['e', 'E']) && text.parse::<f64>().is_ok();
        let digits = text.chars().all(|c| c.is_ascii_digit());
        let whole = match text.len() {
            10 if digits && text.starts_with(['1', '2', '7']) => format!("0{text}"),
            12 if digits && text.starts_with("44") => format!("+{text}"),
            _ => text.to_owned(),
        };
        match whole.parse() {
            Ok(phone) if !is_cut => Some(Some(phone)),
            _ if is_cut => self.fault(
                key,
                format!(
                    "\u{201c}{text}\u{201d} was cut short by the spreadsheet: make the column text"
                ),
            ),
            _ => self.fault(
                key,
                format!("\u{201c}{text}\u{201d} is no telephone number, such as 07700 900117"),
            ),
        }
    }

    pub(super) fn yes(self, key: &str) -> Option<bool> {
        let text = self.text(key).to_lowercase();
        match text.as_str() {
            "" | "no" | "n" | "false" | "0" | "-" | "none" | "n/a" => Some(false),
            "yes" | "y" | "true" | "1" | "x" | "\u{2713}" | "\u{2714}" => Some(true),
            _ => self.fault(key, format!("\u{201c}{text}\u{201d} is neither yes nor no")),
        }
    }

    /// A whole number from 1, or nothing.
    pub(super) fn count(self, key: &str, most: u32) -> Option<Option<u32>> {
        let text = self.text(key);
        if text.is_empty() {
            return Some(None);
        }
        let bare = text.strip_suffix(".0").unwrap_or(text);
        match bare.parse::<u32>() {
            Ok(number) if (1..=most).contains(&number) => Some(Some(number)),
            _ => self
                .fault(key, format!("\u{201c}{text}\u{201d} is no whole number from 1 to {most}")),
        }
    }

    pub(super) fn date(self, key: &str, text: &str) -> Option<NaiveDate> {
        let order = match said(self.reader.all, "dates") {
            "day-first" => Some(DateOrder::DayFirst),
            "month-first" => Some(DateOrder::MonthFirst),
            _ => None,
        };
        match moments::date(text, order, self.reader.today) {
            Ok(day) => Some(day),
            Err(DateFault::Unreadable) => self.fault(
                key,
                format!("\u{201c}{text}\u{201d} is no date, such as 9 January 2027 or 09/01/2027"),
            ),
            Err(DateFault::Ambiguous(one, other)) => {
                self.reader.ambiguous.borrow_mut().get_or_insert_with(|| text.to_owned());
                let (one, other) = (wording::long_date(one), wording::long_date(other));
                self.fault(
                    key,
                    format!(
                        "\u{201c}{text}\u{201d} may be {one} (day first) or {other} (month first): \
                         say which under Dates"
                    ),
                )
            }
        }
    }

    pub(super) fn time(self, key: &str, text: &str) -> Option<NaiveTime> {
        let words = format!("\u{201c}{text}\u{201d} is no time, such as 9.30am or 14:00");
        moments::time(text).or_else(|| self.fault(key, words))
    }

    pub(super) fn span(self, key: &str, text: &str) -> Option<(NaiveTime, NaiveTime)> {
        let words =
            format!("\u{201c}{text}\u{201d} does not say from when to when, as 9.30am - 4pm");
        moments::span(text).or_else(|| self.fault(key, words))
    }

    /// One of the words of a list, or another that people use for it.
    pub(super) fn word<T: FromStr + Copy>(
        self,
        key: &str,
        also: &[(&str, T)],
        would: &str,
    ) -> Option<T> {
        let text = self.text_or_said(key);
        let plain = folded(text);
        let meant = also.iter().find(|(word, _)| plain.contains(&folded(word)));
        match text.to_lowercase().parse() {
            Ok(known) => Some(known),
            Err(_) if text.is_empty() => self.fault(key, format!("is missing: {would}")),
            Err(_) => match meant {
                Some((_, value)) => Some(*value),
                None => self.fault(key, format!("\u{201c}{text}\u{201d} is not known: {would}")),
            },
        }
    }

    /// One of the alliances whoever brings the file may write to.
    pub(super) fn alliance(self) -> Option<&'a Alliance> {
        let text = self.text_or_said("alliance");
        let all = &self.reader.known.alliances;
        let is_it =
            |one: &&Alliance| one.slug.as_str() == text || folded(&one.name) == folded(text);
        let found = match (text, all.as_slice()) {
            ("", [only]) => Some(only),
            _ => all.iter().find(is_it),
        };
        let names: Vec<_> = all.iter().take(20).map(|one| one.name.as_str()).collect();
        let names = wording::list(&names);
        match found {
            Some(one) => Some(one),
            None if text.is_empty() => {
                self.fault("alliance", "no alliance: choose one for all rows, or a column")
            }
            None => self.fault(
                "alliance",
                format!("\u{201c}{text}\u{201d} is no alliance of yours. Yours: {names}"),
            ),
        }
    }

    /// The institution a row names, or that was chosen for all.
    pub(super) fn institution(self) -> Option<Named> {
        let text = self.text_or_said("institution");
        if text.is_empty() {
            return Some(Named::Nobody);
        }
        if let Some(known) = self.reader.named.borrow().get(text) {
            return Some(known.clone());
        }
        let named = self.institution_called(text)?;
        self.reader.named.borrow_mut().insert(text.to_owned(), named.clone());
        Some(named)
    }

    fn institution_called(self, text: &str) -> Option<Named> {
        let all = &self.reader.known.institutions;
        let plain = folded(text);
        let mut same = all.iter().filter(|one| folded(&one.name) == plain);
        if let Some(one) = all.iter().find(|one| one.code.as_str() == text) {
            return Some(Named::Listed(one.clone()));
        }
        if let (Some(one), None) = (same.next(), same.next()) {
            return Some(Named::Listed(one.clone()));
        }
        let name = self.line_of("institution", text)?;
        let alike = all.iter().filter(|one| may_be_one(&one.name, text)).take(5);
        Some(name.map_or(Named::Nobody, |name| Named::Typed(name, alike.cloned().collect())))
    }
}

#[cfg(test)]
mod tests;
