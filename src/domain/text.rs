//! Text that people type: kept faithfully, or refused at the field; never quietly rewritten.

use std::fmt;

use super::characters::{is_deceptive, is_invisible, shown};

/// Why a typed text was not accepted. The caller words it for the field it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// Longer than the field allows.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most characters the field takes.
        max: usize,
    },
    /// Control characters, line breaks where there may be none, or text-direction overrides:
    /// they can make a name read as something else on a page, in a letter or in a calendar.
    #[error("contains characters that cannot be used here")]
    Unprintable,
}

/// One line of text: trimmed, 1 to `MAX` characters, nothing invisible that deceives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

/// Up to 120 characters, as long as the longest name a calendar shows.
pub type Name = Line<120>;
/// A need, in the attendee's own words.
pub type Need = Line<300>;

impl<const MAX: usize> Line<MAX> {
    /// Accepts a line as typed.
    ///
    /// # Errors
    /// [`TextFault`], when there is nothing, too much, or something that cannot be shown safely.
    pub fn parse(typed: &str) -> Result<Self, TextFault> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(TextFault::Empty);
        }
        if text.chars().any(is_deceptive) || text.chars().all(is_invisible) {
            return Err(TextFault::Unprintable);
        }
        if text.chars().count() > MAX {
            return Err(TextFault::TooLong { max: MAX });
        }
        Ok(Self(text.to_owned()))
    }

    /// Accepts an optional line: nothing typed is `None`.
    ///
    /// # Errors
    /// As [`Line::parse`], but never [`TextFault::Empty`].
    pub fn parse_optional(typed: &str) -> Result<Option<Self>, TextFault> {
        match Self::parse(typed) {
            Ok(line) => Ok(Some(line)),
            Err(TextFault::Empty) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A line as it was stored, which the rules of its day took: it is read whatever today's say. What
    /// nobody could show safely is shown as what it is.
    pub fn stored(text: &str) -> Self {
        Self(shown(text, is_deceptive))
    }

    /// The text as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Several lines of text: trimmed, up to `MAX` characters; line breaks allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<const MAX: usize>(String);

/// Some sentences, such as a reason.
pub type Paragraph = Passage<1000>;
/// What somebody writes to many people at once.
pub type Message = Passage<5000>;

impl<const MAX: usize> Passage<MAX> {
    /// Accepts an optional passage: nothing typed is `None`; CR LF becomes LF.
    ///
    /// # Errors
    /// [`TextFault::TooLong`] or [`TextFault::Unprintable`].
    pub fn parse_optional(typed: &str) -> Result<Option<Self>, TextFault> {
        let text = typed.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let deceives = |c| is_deceptive(c) && c != '\n';
        if text.chars().any(deceives) || text.chars().all(is_invisible) {
            return Err(TextFault::Unprintable);
        }
        if text.chars().count() > MAX {
            return Err(TextFault::TooLong { max: MAX });
        }
        Ok(Some(Self(text.to_owned())))
    }

    /// A passage as it was stored; see [`Line::stored`].
    pub fn stored(text: &str) -> Option<Self> {
        let hides = |c| is_deceptive(c) && c != '\n';
        Some(Self(shown(text, hides))).filter(|passage| !passage.0.trim().is_empty())
    }

    /// The text as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_everywhere_are_kept_as_typed() {
        for name in
            ["Åsa", "José García, Dr", "O\"Neill \\ Sons", "Kẹ́mi", "李伟", "👩🏾‍🦽 Ana", "=SUM(A1)"]
        {
            assert_eq!(Name::parse(name).map(|n| n.to_string()).as_deref(), Ok(name));
        }
    }

    #[test]
    fn deceptive_and_over_long_names_are_refused_at_the_field() {
        for bad in ["a\r\nBcc: x", "a\u{0}b", "a\u{202E}b", "a\u{2066}b", "a\u{2028}b", "a\tb"] {
            assert_eq!(Name::parse(bad), Err(TextFault::Unprintable), "{bad:?}");
        }
        for unseen in ["\u{200B}", "\u{200D}\u{200C}", " \u{2060} \u{FE0F}", "\u{3164}", "\u{AD}"] {
            assert_eq!(Name::parse(unseen), Err(TextFault::Unprintable), "{unseen:?}");
            assert_eq!(Name::parse_optional(unseen), Err(TextFault::Unprintable), "{unseen:?}");
            assert_eq!(Paragraph::parse_optional(unseen), Err(TextFault::Unprintable));
        }
        assert_eq!(Name::parse(&"x".repeat(10_240)), Err(TextFault::TooLong { max: 120 }));
        assert_eq!(Name::parse(" \u{a0} "), Err(TextFault::Empty));
    }

    #[test]
    fn a_text_may_be_as_long_as_its_field_takes_and_is_counted_in_characters() {
        assert_eq!(Line::<3>::parse(" äöü ").map(|line| line.to_string()).as_deref(), Ok("äöü"));
        assert_eq!(Line::<3>::parse("äöüß"), Err(TextFault::TooLong { max: 3 }));
        let passage = |typed| Passage::<3>::parse_optional(typed);
        assert_eq!(passage("äöü").map(|text| text.is_some()), Ok(true));
        assert_eq!(passage("äöüß"), Err(TextFault::TooLong { max: 3 }));
    }

    #[test]
    fn a_passage_keeps_its_lines_and_nothing_else_that_hides() {
        let typed = Paragraph::parse_optional(" Dear all,\r\n\r\ncome. ").expect("a passage");
        assert_eq!(typed.as_ref().map(Paragraph::as_str), Some("Dear all,\n\ncome."));
        assert_eq!(Paragraph::parse_optional("a\u{202E}b"), Err(TextFault::Unprintable));
        assert_eq!(Paragraph::parse_optional(" \r\n "), Ok(None));
        let stored = Paragraph::stored("Dear all,\n\u{202E}come.");
        assert_eq!(stored.as_ref().map(Paragraph::as_str), Some("Dear all,\n\u{FFFD}come."));
        assert_eq!(Paragraph::stored(" \n "), None);
    }
}
