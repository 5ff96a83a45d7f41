//! CSV, whatever stands between its cells and in whatever letters it was saved.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{FileFault, MOST_ROWS, Row, cell};

/// What may stand between cells.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows tell what the separator is.
const LOOKED_AT: usize = 20;

pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Row>, String), FileFault> {
    let encoding = encoding(bytes);
    let (text, encoding, _) = encoding.decode(bytes);
    let unprintable = |c: &char| c.is_control() && !c.is_whitespace() && *c != '\0';
    if text.chars().filter(unprintable).count() * 50 > text.chars().count() {
        return Err(FileFault::Unreadable);
    }
    let (text, said) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().to_lowercase().starts_with("sep=") => {
            (rest, first.trim_end().as_bytes().get(4).copied())
        }
        _ => (&*text, None),
    };
    let separator = said.unwrap_or_else(|| separator(text));
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 + u32::from(said.is_some()) };
    for record in reader(text, separator).into_records() {
        let record = record.map_err(|_| FileFault::Unreadable)?;
        if rows.len() > MOST_ROWS + LOOKED_AT {
            return Err(FileFault::TooLong);
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(start).unwrap_or(usize::MAX));
        rows.push((line, record.iter().map(cell).collect()));
    }
    Ok((rows, format!("CSV in {}", encoding.name())))
}

/// Counts lines as an editor and a spreadsheet do, whatever ends them.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line on which a record stands that begins here; ends of lines just before it belong to the line
    /// before.
    fn of(&mut self, start: usize) -> u32 {
        let rest = self.text.get(start..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = (start + ends).min(self.text.len());
        for at in self.at..start {
            let is_end = match self.text[at] {
                b'\n' => true,
                b'\r' => self.text.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u32::from(is_end);
        }
        self.at = start;
        self.line
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.flexible(true).has_headers(false).delimiter(separator).from_reader(text.as_bytes())
}

/// The separator that parts most rows into the most cells.
fn separator(text: &str) -> u8 {
    let parts = |separator: u8| {
        let rows = reader(text, separator).into_records().take(LOOKED_AT).filter_map(Result::ok);
        let widths: Vec<usize> = rows.map(|row| row.len()).collect();
        let wide = widths.iter().filter(|width| **width > 1).count();
        (wide, widths.first().copied().unwrap_or(0))
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| parts(*separator));
    best.unwrap_or(b',')
}

/// UTF-8 where it is; UTF-16 as its mark or its many noughts say; else what the letters look like.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return marked;
    }
    let start = &bytes[..bytes.len().min(1_000)];
    let noughts = |at: usize| start.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    match (noughts(0), noughts(1)) {
        (0, odd) if odd * 4 > start.len() => return UTF_16LE,
        (even, 0) if even * 4 > start.len() => return UTF_16BE,
        _ => {}
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"uk".as_slice()), Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        read(bytes).expect("a table").0.into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn a_table_is_read_however_it_was_saved() {
        let want = vec![vec!["Name", "School"], vec!["Zoë Brontë", "St John\u{2019}s, Hove"]];
        let utf8 = "Name,School\r\nZoë Brontë,\"St John\u{2019}s, Hove\"\r\n";
        let tabs = "Name\tSchool\nZoë Brontë\tSt John\u{2019}s, Hove\n";
        let semicolons = "sep=;\r\nName;School\r\nZoë Brontë;St John\u{2019}s, Hove";
        let wide = |text: &str| -> Vec<u8> {
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        let (old, ..) = encoding_rs::WINDOWS_1252.encode(semicolons);
        let marked = [&b"\xEF\xBB\xBF"[..], utf8.as_bytes()].concat();
        let files: [Vec<u8>; 6] =
            [utf8.into(), tabs.into(), semicolons.into(), old.into_owned(), marked, wide(tabs)];
        for bytes in &files {
            assert_eq!(cells(bytes), want, "{bytes:?}");
        }
        assert_eq!(cells(&wide(tabs)[2..]), want, "without a mark");
        for end in ["\n", "\r\n", "\r"] {
            let text = ["Trip", "Name;Why", "Ada;\"two\nlines\"", "", "Ben;x"].join(end);
            let rows = read(text.as_bytes()).expect("a table").0;
            let lines: Vec<u32> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 3, 6], "{end:?}");
        }
        assert!(read(&[1, 2, 3, 4, 5, 6, 7, 8]).is_err());
    }
}
