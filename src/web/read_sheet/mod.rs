//! A spreadsheet's file as a table: CSV of any kind, XLSX and ODS. Nothing of it is believed: how much it
//! unpacks to, how wide it says it is, what it says it is.

mod delimited;
mod workbook;

use crate::domain::import::{MOST_COLUMNS, MOST_ROWS, Sheet};

/// The largest file that is taken.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// The most a workbook may unpack to.
const MOST_UNPACKED: u64 = 30 * 1024 * 1024;
/// The longest cell that is kept.
const LONGEST_CELL: usize = 2_000;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing stands in it.
    #[error("The file is empty. Choose one whose first row names its columns")]
    Empty,
    /// It is no table, or damaged.
    #[error(
        "This is no CSV, XLSX or ODS file, or it is damaged. Save it as CSV or XLSX and choose it again"
    )]
    Unreadable,
    /// An old or protected workbook.
    #[error("This is an old or protected Excel file. Save it as XLSX without a password")]
    Old,
    /// It unpacks to more than anybody types.
    #[error("This file unpacks to far more than it seems, so it was not opened")]
    Bomb,
    /// More than somebody can look through.
    #[error(
        "The file has more than {MOST_ROWS} rows. Split it, so that you can look through each part"
    )]
    TooLong,
    /// Wider than a table of ours.
    #[error("The file has more than {MOST_COLUMNS} columns. Leave out those nobody needs")]
    TooWide,
}

/// A table that was read, and what is worth knowing of how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFile {
    pub sheet: Sheet,
    /// Such as `Sheet1 of 3 sheets`, or which encoding it seems to have.
    pub how: String,
}

/// Reads a file by what stands in it; its name says nothing for certain.
///
/// # Errors
/// [`FileFault`].
pub fn read(bytes: &[u8]) -> Result<ReadFile, FileFault> {
    let (rows, how) = match bytes {
        [] => return Err(FileFault::Empty),
        [b'P', b'K', 3, 4, ..] => workbook::read(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(FileFault::Old),
        [b'%', b'P', b'D', b'F', ..] | [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => {
            return Err(FileFault::Unreadable);
        }
        _ => delimited::read(bytes)?,
    };
    Ok(ReadFile { sheet: sheet(rows)?, how })
}

/// A row with its number.
type Row = (u32, Vec<String>);

/// Keeps a cell as it is shown, cut where nobody would have typed it.
fn cell(text: &str) -> String {
    let seen = text.chars().filter(|c| *c != '\u{FEFF}' && *c != '\0');
    seen.take(LONGEST_CELL).collect::<String>().trim().to_owned()
}

/// The table: its head is the first row with several cells, since titles stand alone.
fn sheet(mut rows: Vec<Row>) -> Result<Sheet, FileFault> {
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let filled = |row: &Row| row.1.iter().filter(|cell| !cell.is_empty()).count();
    let head = rows.iter().take(10).position(|row| filled(row) > 1).unwrap_or(0);
    let mut rows = rows.into_iter().skip(head);
    let Some((_, mut heads)) = rows.next() else { return Err(FileFault::Empty) };
    let rows: Vec<Row> = rows.collect();
    let width = rows.iter().map(|(_, cells)| used(cells)).max().unwrap_or(0).max(used(&heads));
    if width > MOST_COLUMNS {
        return Err(FileFault::TooWide);
    }
    if rows.len() > MOST_ROWS {
        return Err(FileFault::TooLong);
    }
    heads.resize(width, String::new());
    let rows = rows.into_iter().map(|(number, mut cells)| {
        cells.resize(width, String::new());
        (number, cells)
    });
    Ok(Sheet { heads, rows: rows.collect() })
}

/// How many cells a row has up to the last that holds something.
fn used(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}
