//! Text from users and files, made safe for one line of a header or a letter.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::characters::{breaks_line, is_deceptive};

/// The most characters a subject takes; longer ones are cut off by clients anyway.
const SUBJECT: usize = 255;
/// The most characters of a name in a header.
const NAME: usize = 120;

/// One line: control characters and line breaks become spaces, invisible characters that change
/// how text reads disappear, and white space is single. What people type is refused at the field
/// if it is like this; what comes from files and old rows is not, so letters check again.
pub(super) fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() || breaks_line(c) { ' ' } else { c })
        .filter(|c| !is_deceptive(*c))
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of at most `max` characters, cut between what people see as characters.
pub(super) fn shortened(text: &str, max: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= max {
        return line;
    }
    let mut room = max.saturating_sub(1);
    let mut short = String::new();
    for grapheme in line.graphemes(true) {
        let length = grapheme.chars().count();
        if length > room {
            break;
        }
        room -= length;
        short.push_str(grapheme);
    }
    format!("{}…", short.trim_end())
}

/// A subject: one line of at most 255 characters.
pub(super) fn subject(text: &str) -> String {
    shortened(text, SUBJECT)
}

/// A display name for a header, or none if nothing is left of it.
pub(super) fn display_name(text: &str) -> Option<String> {
    Some(shortened(text, NAME)).filter(|name| !name.is_empty())
}

/// A text body: no more than one empty line in a row, no space at line ends, one break at the end.
/// Templates may then be laid out for people to read.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && blank) {
            tidy.push_str(line);
            tidy.push('\n');
        }
        blank = line.is_empty();
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_what_people_see_and_loses_what_they_do_not() {
        assert_eq!(one_line("  Åsa\r\nBcc: x\u{202E}\u{0}\u{2028}y "), "Åsa Bcc: x y");
        assert_eq!(display_name("\r\n\u{0} "), None);
        assert_eq!(display_name("José García, Dr").as_deref(), Some("José García, Dr"));
    }

    #[test]
    fn a_long_subject_is_cut_between_characters_people_see() {
        let family = "👩🏾‍🦽";
        let cut = shortened(&family.repeat(10), 10);
        assert_eq!(cut, format!("{}…", family.repeat(2)));
        assert_eq!(subject(&"x".repeat(300)).chars().count(), 255);
        assert_eq!(subject(&"x".repeat(255)), "x".repeat(255));
    }

    #[test]
    fn a_tidy_text_has_single_empty_lines() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }
}
