//! The bytes of iCalendar: cleaned, escaped, quoted and folded (RFC 5545 3.1, 3.2, 3.3.11).

use chrono::{DateTime, NaiveDateTime, Utc};
use ical::{
    generator::{Emitter, IcalCalendar, IcalEvent},
    property::Property,
};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::characters::{breaks_line, is_deceptive};

/// The longest line, in octets without its CRLF (RFC 5545 3.1).
const FOLD_AT: usize = 75;

/// Makes a property. `head` is its name with serialized parameters, `value` is already of its
/// type: the only way to a [`Property`] in this program.
pub(super) fn prop(head: impl Into<String>, value: impl Into<String>) -> Property {
    Property { name: head.into(), params: None, value: Some(value.into()) }
}

/// Text without what breaks calendars: every kind of line end becomes `\n`, tabs become spaces,
/// and everything else that deceives goes, such as marks of direction, which a cut could leave open.
pub(super) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            c if breaks_line(c) => Some('\n'),
            '\t' => Some(' '),
            c if is_deceptive(c) => None,
            c => Some(c),
        })
        .collect()
}

/// At most `max` characters, never cutting what reads as one.
fn cut(text: &str, max: usize) -> String {
    let mut kept = String::new();
    let mut length = 0;
    for grapheme in text.graphemes(true) {
        length += grapheme.chars().count();
        if length > max {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.trim().to_owned()
}

/// The longest text of several lines, in octets as it is written.
const LONGEST: usize = 8192;

/// A TEXT value of several lines (RFC 5545 3.3.11), at most 8,192 octets. What is too long is cut
/// between what reads as characters, and before a link rather than inside it: half a link opens
/// something else, or nothing.
pub(super) fn text(value: &str) -> String {
    let clean = clean(value);
    let (mut octets, mut kept) = (0, 0);
    for (at, grapheme) in clean.grapheme_indices(true) {
        octets += escape(grapheme).len();
        if octets > LONGEST {
            break;
        }
        kept = at + grapheme.len();
    }
    let (whole, rest) = clean.split_at(kept);
    let gap = whole.char_indices().rev().find(|(_, c)| c.is_whitespace());
    let word = gap.map_or(0, |(at, c)| at + c.len_utf8());
    let is_cut = rest.chars().next().is_some_and(|next| !next.is_whitespace());
    let last = format!("{}{}", &whole[word..], rest.split_whitespace().next().unwrap_or_default());
    let kept = if is_cut && last.contains("://") { &whole[..word] } else { whole };
    escape(kept.trim())
}

/// A TEXT value of one line, at most `max` characters.
pub(super) fn line(value: &str, max: usize) -> String {
    escape(&cut(&one_line(value), max))
}

fn one_line(value: &str) -> String {
    clean(value).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A quoted parameter value with its name, such as `;CN="Ruth"`; nothing at all when it is empty.
/// Backslash escapes do not exist in parameters, so what cannot stand in quotes is replaced, and a
/// caret that would start an RFC 6868 escape is doubled.
pub(super) fn param(name: &str, value: &str) -> String {
    let plain = cut(&one_line(value), 120).replace('"', "'").replace('\\', "/");
    if plain.is_empty() {
        return String::new();
    }
    let mut quoted = String::new();
    let mut rest = plain.chars().peekable();
    while let Some(c) = rest.next() {
        quoted.push(c);
        if c == '^' && matches!(rest.peek(), None | Some('n' | '\'' | '^')) {
            quoted.push('^');
        }
    }
    format!(";{name}=\"{quoted}\"")
}

/// A DATE-TIME in UTC (RFC 5545 3.3.5, form 2).
pub(super) fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A DATE-TIME of a clock on the wall (RFC 5545 3.3.5, form 1 or 3).
pub(super) fn local(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%S").to_string()
}

/// An address people may open: https, or http on this machine; ASCII without spaces.
pub(super) fn uri(address: &str) -> Option<String> {
    let known = address.starts_with("https://") || address.starts_with("http://");
    let safe = address.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    (known && safe).then(|| address.to_owned())
}

/// A short hash of what an event says: enough to tell two of one UID apart.
pub(super) fn marked(event: &IcalEvent) -> String {
    let lines = event.properties.iter().map(|one| {
        let value = one.value.as_deref().unwrap_or_default();
        format!("{}:{value}\n", one.name)
    });
    hash(&lines.collect::<String>())
}

/// The first half of a hash, in hexadecimal.
pub(super) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The file: the crate's folds, which count characters, are undone and done again in octets.
/// Exact, because no value holds a line break.
pub(super) fn emit(calendar: &IcalCalendar) -> String {
    let unfolded = calendar.generate().replace("\r\n ", "");
    unfolded.split("\r\n").filter(|line| !line.is_empty()).map(fold).collect()
}

/// One content line, folded at 75 octets and never inside a character, with its CRLF.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / 24 + 2);
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > FOLD_AT {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(c);
        width += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_folded_line_unfolds_to_itself_and_is_never_too_long(line in "[^\r\n]{0,400}") {
            let folded = fold(&line);
            prop_assert!(folded.split("\r\n").all(|part| part.len() <= FOLD_AT));
            prop_assert_eq!(folded.replace("\r\n ", "").replace("\r\n", ""), line);
        }

        #[test]
        fn no_text_breaks_out_of_its_property(typed in any::<String>()) {
            prop_assert!(!text(&typed).chars().any(char::is_control));
            prop_assert!(!line(&typed, 255).chars().any(char::is_control));
            let quoted = param("CN", &typed);
            prop_assert!(!quoted.chars().any(char::is_control));
            prop_assert!(quoted.is_empty() || quoted.matches('"').count() == 2);
        }
    }

    proptest! {
        #[test]
        fn a_long_text_is_cut_before_a_link_and_never_inside_it(
            before in 8100..8200_usize, sign in "[a,é\n]", link in "https://[a-z]{1,90}",
        ) {
            let words = sign.repeat(before);
            let cut = text(&format!("{words} {link} and more"));
            prop_assert!(cut.len() <= LONGEST);
            prop_assert!(!cut.contains("://") || cut.contains(&link));
        }
    }

    #[test]
    fn text_is_escaped_and_parameters_are_quoted() {
        assert_eq!(text("a;b,c\\d\r\ne"), "a\\;b\\,c\\\\d\\ne");
        assert_eq!(param("CN", "O\"Neill \\ Sons"), ";CN=\"O'Neill / Sons\"");
        assert_eq!(param("CN", "Åsa ^n"), ";CN=\"Åsa ^^n\"");
        assert_eq!(param("CN", " \r\n"), "");
    }
}
