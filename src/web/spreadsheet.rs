//! Tables as files for spreadsheet programs: every text stays text, whatever it begins with.

use csv::{Terminator, WriterBuilder};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// Told to spreadsheets so that they read names as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";
/// The widest a column is made, in characters.
const WIDEST: usize = 48;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Number(i64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A table with a name and heads.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its name: up to 31 letters.
    pub name: &'static str,
    /// What stands over each column.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A table in CSV (RFC 4180).
///
/// # Errors
/// [`csv::Error`], which writing to memory never gives.
pub fn to_csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let start = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start);
    writer.write_record(&table.heads)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => safe_cell(text),
            Cell::Number(number) => number.to_string(),
        }))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Tables as a workbook, a sheet each: heads that stay in sight, columns as wide as they need.
///
/// # Errors
/// [`XlsxError`], such as for more than a million rows.
pub fn to_xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        write_sheet(book.add_worksheet(), table)?;
    }
    book.save_to_buffer()
}

fn write_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(table.name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, head) in (0u16..).zip(&table.heads) {
        sheet.write_string_with_format(0, column, head, &bold)?;
        let at = usize::from(column);
        let lengths = table.rows.iter().filter_map(|row| match row.get(at)? {
            Cell::Text(text) => Some(text.chars().count()),
            Cell::Number(_) => Some(8),
        });
        let widest = lengths.chain([head.chars().count()]).max().unwrap_or(0).min(WIDEST);
        sheet.set_column_width(column, u16::try_from(widest + 2).unwrap_or(u16::MAX))?;
    }
    for (line, row) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(row) {
            match cell {
                // Never `write`, which takes what begins with `=` for a formula.
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
            };
        }
    }
    Ok(())
}

/// A cell that no spreadsheet takes for a formula: an apostrophe in front makes it text.
fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_becomes_text() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            assert_eq!(safe_cell(&format!("{start}1")), format!("'{start}1"));
        }
        assert_eq!(safe_cell("Zoë O'Hara-Smith"), "Zoë O'Hara-Smith");
        assert_eq!(safe_cell(""), "");
    }
}
