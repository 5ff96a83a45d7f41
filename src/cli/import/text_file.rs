//! A file's bytes as text, or what to do about a file that a spreadsheet saved another way.

/// What somebody does in any spreadsheet to get the file that can be read.
const SAVE_AS: &str = "save it as \"CSV UTF-8 (comma delimited)\"";

/// The text of a file, without its byte order mark.
///
/// # Errors
/// What is wrong, and on which line where that can be said.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, (Option<u64>, String)> {
    let whole = |message: &str| Err((None, format!("{message}; {SAVE_AS}")));
    match bytes {
        [b'P', b'K', 3, 4, ..] => return whole("this is a spreadsheet (XLSX or ODS), not CSV"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return whole("this is an old Excel file, not CSV"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return whole("the text is UTF-16, as \"Unicode Text\" saves it");
        }
        _ if bytes.contains(&0) => return whole("this is not a text file"),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = line_at(bytes, error.valid_up_to());
        let message = "a letter is not UTF-8; the file was saved in an older encoding";
        (Some(line), format!("{message}: {SAVE_AS}"))
    })
}

/// The line, from 1, that the byte at `offset` stands on. Ends of lines are CRLF, LF or a lone CR,
/// and those just before `offset` belong to the line before.
pub(super) fn line_at(bytes: &[u8], offset: usize) -> u64 {
    let start = bytes[offset..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let before = &bytes[..(offset + start).min(bytes.len())];
    let ends = before.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => before.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + u64::try_from(ends.count()).unwrap_or(u64::MAX - 1)
}

/// The name of what separates the columns of a header, if that is not the comma.
pub(super) fn foreign_separator(header: &str, expected: &[&str]) -> Option<&'static str> {
    let hits = |separator: char| {
        let names = header.split(separator).map(|name| name.trim().trim_matches('"'));
        names.filter(|name| expected.contains(name)).count()
    };
    let commas = hits(',');
    [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")]
        .into_iter()
        .find(|(separator, _)| hits(*separator) > commas.max(1))
        .map(|(_, name)| name)
}

/// What to do about a file whose columns are separated by something else.
pub(super) fn separated_by(name: &str) -> String {
    format!(
        "the file is separated by {name}, not by commas; {SAVE_AS}, \
         or export it with the comma as the separator"
    )
}

#[cfg(test)]
mod tests {
    use super::{decode, foreign_separator, line_at};

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "c,d", "e,f"].join(end);
            let at = text.find('e').expect("the third line");
            assert_eq!(line_at(text.as_bytes(), at), 3, "{end:?}");
            assert_eq!(line_at(text.as_bytes(), at - end.len()), 3, "{end:?}, before its end");
        }
    }

    #[test]
    fn what_other_programs_save_is_named() {
        let fault = |bytes: &[u8]| decode(bytes).expect_err("a fault");
        assert!(fault(b"\xFF\xFEs\0l\0").1.contains("UTF-16"));
        assert!(fault(b"PK\x03\x04rest").1.contains("XLSX"));
        let (line, message) = fault(b"slug,name\r\na,Ren\xE9e\r\n");
        assert_eq!(line, Some(2));
        assert!(message.contains("CSV UTF-8"), "{message}");
        assert_eq!(decode(b"\xEF\xBB\xBFslug"), Ok("slug"));
    }

    #[test]
    fn a_separator_is_told_by_the_names_beside_it() {
        let expected = ["slug", "name", "time_zone"];
        assert_eq!(foreign_separator("slug;name;time_zone", &expected), Some("semicolons"));
        assert_eq!(foreign_separator("\"slug\"\t\"name\"", &expected), Some("tabs"));
        assert_eq!(foreign_separator("slug,name,time_zone", &expected), None);
        assert_eq!(foreign_separator("slug,name;x,time_zone", &expected), None);
    }
}
