//! XLSX and ODS. Both are archives: they are unpacked once to see how much comes out, before they are read.

use std::io::{self, Cursor, Read};

use calamine::{DataType, ExcelDateTime, Ods, Reader, Xlsx, open_workbook_from_rs};
use zip::ZipArchive;

use super::{FileFault, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, Row, cell};

/// The most cells that repetitions in an ODS may make.
const MOST_CELLS: usize = 1_000_000;
/// Further down and to the right nobody reads.
const MOST_WIDE: usize = MOST_COLUMNS + 1;

type Book<'b> = Cursor<&'b [u8]>;

pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Row>, String), FileFault> {
    let content = unpacked(bytes)?;
    match content {
        Some(content) => {
            if repeated(&content) > MOST_CELLS {
                return Err(FileFault::Bomb);
            }
            ods(bytes)
        }
        None => xlsx(bytes),
    }
}

/// Unpacks all of an archive to nowhere; the text of an ODS, if it is one.
fn unpacked(bytes: &[u8]) -> Result<Option<String>, FileFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileFault::Unreadable)?;
    let mut left = MOST_UNPACKED;
    let mut content = None;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| FileFault::Old)?;
        let is_content = file.name().is_ok_and(|name| name == "content.xml");
        let mut some = file.take(left + 1);
        let much = if is_content {
            let mut text = Vec::new();
            let much = some.read_to_end(&mut text).map_err(|_| FileFault::Unreadable)?;
            content = Some(String::from_utf8_lossy(&text).into_owned());
            u64::try_from(much).unwrap_or(u64::MAX)
        } else {
            io::copy(&mut some, &mut io::sink()).map_err(|_| FileFault::Unreadable)?
        };
        left = left.checked_sub(much).ok_or(FileFault::Bomb)?;
    }
    Ok(content)
}

/// How many cells the repetitions of an ODS make before the last cell of each row that holds something.
fn repeated(content: &str) -> usize {
    let (mut cells, mut waiting) = (0usize, 0usize);
    for tag in content.split('<').skip(1) {
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        let times = |name: &str| -> usize {
            let after = tag.split_once(name).and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
            after.and_then(|number| number.parse().ok()).unwrap_or(1)
        };
        if tag.starts_with("table:table-row") {
            waiting = 0;
        } else if tag.starts_with("table:table-cell") || tag.starts_with("table:covered-table-cell")
        {
            cells = cells.saturating_add(waiting);
            waiting = 0;
            let many = times("number-columns-repeated");
            // An empty one counts when another follows.
            match tag.ends_with('/') {
                true => waiting = many,
                false => cells = cells.saturating_add(many),
            }
        }
    }
    cells
}

/// Which sheet is read, in words.
fn how(kind: &str, names: &[String], at: usize) -> String {
    match (names.len(), names.get(at)) {
        (2.., Some(name)) => {
            format!("{kind}, the sheet \u{201c}{name}\u{201d}; the other sheets are not read")
        }
        _ => kind.to_owned(),
    }
}

fn xlsx(bytes: &[u8]) -> Result<(Vec<Row>, String), FileFault> {
    let unreadable = |_| FileFault::Unreadable;
    let mut book: Xlsx<Book<'_>> = open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    for (at, name) in names.iter().enumerate() {
        let mut rows: Vec<Row> = Vec::new();
        // Cell by cell: a sheet may say that it is a million rows deep and hold two cells.
        let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
        while let Some(found) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = found.get_position();
            let text = cell(&words(found.get_value()));
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            if text.is_empty() {
                continue;
            }
            if column >= MOST_WIDE {
                return Err(FileFault::TooWide);
            }
            let number = row.saturating_add(1);
            if rows.last().is_none_or(|(last, _)| *last != number) {
                rows.push((number, Vec::new()));
            }
            if rows.len() > MOST_ROWS + 20 {
                return Err(FileFault::TooLong);
            }
            let Some((_, row)) = rows.last_mut() else { continue };
            row.resize(row.len().max(column + 1), String::new());
            row[column] = text;
        }
        if !rows.is_empty() {
            return Ok((rows, how("XLSX", &names, at)));
        }
    }
    Err(FileFault::Empty)
}

fn ods(bytes: &[u8]) -> Result<(Vec<Row>, String), FileFault> {
    let unreadable = |_| FileFault::Unreadable;
    let mut book: Ods<Book<'_>> = open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    for (at, name) in names.iter().enumerate() {
        let range = book.worksheet_range(name).map_err(unreadable)?;
        let (top, left) = range.start().unwrap_or_default();
        let left = usize::try_from(left).unwrap_or(usize::MAX).min(MOST_WIDE);
        let mut rows: Vec<Row> = Vec::new();
        for (number, row) in (top + 1..).zip(range.rows()) {
            let texts = row.iter().map(|value| cell(&words(value)));
            let cells: Vec<String> =
                std::iter::repeat_n(String::new(), left).chain(texts).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push((number, cells));
            }
            if rows.len() > MOST_ROWS + 20 {
                return Err(FileFault::TooLong);
            }
        }
        if !rows.is_empty() {
            return Ok((rows, how("ODS", &names, at)));
        }
    }
    Err(FileFault::Empty)
}

/// A cell as text: dates as 2027-01-09, times as 09:30, whole numbers without a point.
fn words(value: &impl DataType) -> String {
    if let Some(number) = value.get_float() {
        return number_words(number);
    }
    if let Some(at) = value.get_datetime() {
        return moment_words(&at);
    }
    if let Some(text) = value.get_datetime_iso() {
        return iso_words(text);
    }
    if let Some(text) = value.get_duration_iso() {
        return duration_words(text);
    }
    match (value.get_string(), value.get_int(), value.get_bool()) {
        (Some(text), ..) => text.to_owned(),
        (_, Some(number), _) => number.to_string(),
        (.., Some(is)) => if is { "yes" } else { "no" }.to_owned(),
        _ => String::new(),
    }
}

fn number_words(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

fn moment_words(at: &ExcelDateTime) -> String {
    let minutes = (at.as_f64().rem_euclid(1.0) * 1440.0).round() as u32 % 1440;
    let clock = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if at.is_duration() || at.as_f64() < 1.0 {
        return clock;
    }
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    match at.as_f64().fract() == 0.0 {
        true => format!("{year:04}-{month:02}-{day:02}"),
        false => format!("{year:04}-{month:02}-{day:02}T{clock}"),
    }
}

/// `2027-01-09T09:30:00` without seconds, and without midnight.
fn iso_words(text: &str) -> String {
    match text.split_once('T') {
        Some((day, clock)) if clock.starts_with("00:00") => day.to_owned(),
        Some((day, clock)) => format!("{day}T{}", clock.get(..5).unwrap_or(clock)),
        None => text.to_owned(),
    }
}

/// `PT09H30M00S` as 09:30.
fn duration_words(text: &str) -> String {
    let parts = text.strip_prefix("PT").and_then(|rest| rest.split_once('H'));
    match parts.and_then(|(hours, rest)| Some((hours, rest.split_once('M')?.0))) {
        Some((hours, minutes)) => format!("{hours:0>2}:{minutes:0>2}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_bomb_is_counted() {
        let row = "<table:table-row><table:table-cell table:number-columns-repeated=\"16000\"/>\
                   <table:table-cell>x</table:table-cell></table:table-row>";
        assert_eq!(repeated(row), 16_001);
        let end = "<table:table-row><table:table-cell>x</table:table-cell>\
                   <table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>";
        assert_eq!(repeated(&end.repeat(3)), 3);
        assert_eq!(duration_words("PT09H30M00S"), "09:30");
        assert_eq!(iso_words("2027-01-09T00:00:00"), "2027-01-09");
    }
}
