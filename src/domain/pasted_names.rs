//! Names pasted all at once: one a line, as they stand in a message, among the recipients of a mail, or in
//! the columns of a spreadsheet; each with an address or without.

/// Somebody as she stood in the list. Neither is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedName {
    /// The name; empty if only an address stood there.
    pub name: String,
    /// The address; empty if there was none.
    pub email: String,
}

impl PastedName {
    /// The line it can be read from again.
    pub fn line(&self) -> String {
        match (self.name.as_str(), self.email.as_str()) {
            (name, "") => name.to_owned(),
            ("", email) => email.to_owned(),
            (name, email) => format!("{name} <{email}>"),
        }
    }
}

/// Reads the list. Lines divide people; so do semicolons, and commas where a line has several addresses.
/// The numbers and dots of a list are not part of a name.
pub fn pasted_names(text: &str) -> Vec<PastedName> {
    text.lines().flat_map(|line| line.split(';')).flat_map(parts).filter_map(read).collect()
}

fn parts(line: &str) -> Vec<&str> {
    if line.matches('@').count() > 1 { line.split(',').collect() } else { vec![line] }
}

fn read(part: &str) -> Option<PastedName> {
    let mut name = Vec::new();
    let mut email = String::new();
    for word in unmarked(part.trim()).split(|c: char| c.is_whitespace() || c == ',') {
        let bare = word.trim_matches(|c: char| "<>()[]\"'".contains(c));
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        let is_address = bare.split_once('@').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        if is_address && email.is_empty() {
            bare.clone_into(&mut email);
        } else if !word.is_empty() {
            name.push(word.trim_matches('"'));
        }
    }
    let name = name.join(" ");
    let name = name.trim_matches(|c: char| c.is_whitespace() || ":-\u{2013}\u{2014}".contains(c));
    let found = PastedName { name: name.to_owned(), email };
    (!found.line().is_empty()).then_some(found)
}

/// Without the mark of a list: `1.`, `2)`, a dash, a dot.
fn unmarked(line: &str) -> &str {
    let bare = line.trim_start_matches(['-', '*', '\u{2022}', '\u{2013}', '\u{b7}']);
    let number = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    match number.strip_prefix(['.', ')']) {
        Some(rest) if number.len() < bare.len() => rest.trim_start(),
        _ => bare.trim_start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str) -> Vec<(String, String)> {
        pasted_names(text).into_iter().map(|one| (one.name, one.email)).collect()
    }

    fn both(name: &str, email: &str) -> (String, String) {
        (name.to_owned(), email.to_owned())
    }

    #[test]
    fn one_a_line_with_an_address_or_without() {
        let text = "Tom Okoro\n\n  Ann O\u{2019}Neill ann@example.org\r\nmei@example.org\n";
        let expected = [
            both("Tom Okoro", ""),
            both("Ann O\u{2019}Neill", "ann@example.org"),
            both("", "mei@example.org"),
        ];
        assert_eq!(people(text), expected);
    }

    #[test]
    fn the_recipients_of_a_mail() {
        let text =
            "Tom Okoro <tom@example.org>, \"Ann Lee\" <ann@example.org>; Mei <mei@example.org>";
        let expected = [
            both("Tom Okoro", "tom@example.org"),
            both("Ann Lee", "ann@example.org"),
            both("Mei", "mei@example.org"),
        ];
        assert_eq!(people(text), expected);
    }

    #[test]
    fn lists_and_columns() {
        let text =
            "1. Tom Okoro\n2) Ann Lee, ann@example.org\n\u{2022} Mei Lin\tmei@example.org\n- Jo";
        let expected = [
            both("Tom Okoro", ""),
            both("Ann Lee", "ann@example.org"),
            both("Mei Lin", "mei@example.org"),
            both("Jo", ""),
        ];
        assert_eq!(people(text), expected);
    }

    #[test]
    fn what_is_read_reads_the_same_again() {
        for line in ["Tom Okoro", "Ann Lee <ann@example.org>", "mei@example.org", "1. Jo"] {
            let once = pasted_names(line);
            let again: Vec<_> = once.iter().flat_map(|one| pasted_names(&one.line())).collect();
            assert_eq!(once, again);
        }
    }

    #[test]
    fn what_only_looks_like_an_address_or_a_mark_stays_in_the_name() {
        for (line, name, email) in [
            ("Tom @work", "Tom @work", ""),
            ("Tom work@", "Tom work@", ""),
            ("Tom @", "Tom @", ""),
            ("Tom Okoro - tom@example.org", "Tom Okoro", "tom@example.org"),
            ("Tom Okoro: tom@example.org", "Tom Okoro", "tom@example.org"),
            ("tom@example.org \u{2014} Tom Okoro", "Tom Okoro", "tom@example.org"),
            (".Tom", ".Tom", ""),
            ("2Tom", "2Tom", ""),
            ("12.Tom", "Tom", ""),
        ] {
            assert_eq!(people(line), [both(name, email)], "{line}");
        }
    }
}
