//! What stands in braces in the wording of a letter: a closed list for each, and filled in as the letter is
//! written.

use std::fmt;

use super::{letter_wording::WordedLetter, vocabulary::words, wording};

/// What stands in braces in a wording, and is filled in for each letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// The course's title.
    Course,
    /// All days of the session.
    Days,
    /// The first of them.
    FirstDay,
    /// From when to when on the first day.
    Time,
    /// Where, as everybody may know it.
    Place,
    /// The alliance's name.
    Alliance,
    /// Whoever leads the session.
    Trainers,
    /// Whom the letter is to.
    Name,
    /// The telephone number of the office.
    Phone,
    /// The booking's reference.
    Reference,
    /// How long until the day.
    HowSoon,
    /// The day the letter is about.
    Day,
    /// What became of the place, as the letter's own subject words it.
    WhatHappened,
}

words!(Placeholder {
    Course => "course",
    Days => "days",
    FirstDay => "first day",
    Time => "time",
    Place => "place",
    Alliance => "alliance",
    Trainers => "trainers",
    Name => "name",
    Phone => "phone",
    Reference => "reference",
    HowSoon => "how soon",
    Day => "day",
    WhatHappened => "what happened",
});

/// What is wrong with the braces of a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceholderFault {
    /// Something in braces that this letter cannot fill in.
    Unknown {
        /// What stands between the braces.
        found: String,
        /// What may stand there.
        allowed: Vec<Placeholder>,
    },
    /// A brace that is not closed, or was never opened.
    Unpaired {
        /// What may stand in braces.
        allowed: Vec<Placeholder>,
    },
}

fn named(allowed: &[Placeholder]) -> String {
    let names: Vec<String> = allowed.iter().map(|one| format!("{{{one}}}")).collect();
    wording::list(&names)
}

impl fmt::Display for PlaceholderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { found, allowed } => {
                let near = allowed.iter().find(|one| is_near(one.as_str(), found));
                write!(f, "This letter has no {{{found}}}.")?;
                if let Some(near) = near {
                    write!(f, " Do you mean {{{near}}}?")?;
                }
                write!(f, " It can fill in {}", named(allowed))
            }
            Self::Unpaired { allowed } => {
                write!(f, "Close each brace that you open: it can fill in {}", named(allowed))
            }
        }
    }
}

/// Whether two names differ in so little that one is meant by the other.
fn is_near(name: &str, typed: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (name, typed) = (plain(name), plain(typed));
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (at, one) in name.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (beside, other) in typed.iter().enumerate() {
            let swapped = diagonal + usize::from(one != other);
            diagonal = row[beside + 1];
            row[beside + 1] = swapped.min(row[beside] + 1).min(diagonal + 1);
        }
    }
    row.last().is_some_and(|steps| *steps <= 2 && *steps < name.len())
}

/// A piece of a wording.
enum Piece<'a> {
    Words(&'a str),
    Braces(&'a str),
}

/// A wording in pieces; `None` where a brace has no other.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        pieces.push(Piece::Words(before));
        let (inner, after) = from.strip_prefix('{')?.split_once('}')?;
        if inner.contains('{') {
            return None;
        }
        pieces.push(Piece::Braces(inner));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    Some(pieces)
}

/// What stands in braces, however it is spaced and capitalised.
fn placeholder(inner: &str, allowed: &[Placeholder]) -> Option<Placeholder> {
    let words: Vec<_> = inner.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").parse().ok().filter(|one| allowed.contains(one))
}

/// Whether a letter can fill in all that a wording says in braces.
///
/// # Errors
/// [`PlaceholderFault`], with what it can.
pub fn check(text: &str, letter: WordedLetter) -> Result<(), PlaceholderFault> {
    let allowed = letter.placeholders();
    let Some(pieces) = pieces(text) else { return Err(PlaceholderFault::Unpaired { allowed }) };
    for piece in pieces {
        if let Piece::Braces(inner) = piece
            && placeholder(inner, &allowed).is_none()
        {
            return Err(PlaceholderFault::Unknown { found: inner.to_owned(), allowed });
        }
    }
    Ok(())
}

/// A wording with everything filled in. What a letter cannot fill in stays as it is typed.
pub fn filled(text: &str, letter: WordedLetter, value: impl Fn(Placeholder) -> String) -> String {
    let allowed = letter.placeholders();
    let Some(pieces) = pieces(text) else { return text.to_owned() };
    let said = pieces.into_iter().map(|piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Braces(inner) => {
            placeholder(inner, &allowed).map_or_else(|| format!("{{{inner}}}"), &value)
        }
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter_wording::ORIGINAL_CLOSING;

    const LETTER: WordedLetter = WordedLetter::Invite;

    fn fault(text: &str) -> String {
        check(text, LETTER).expect_err("a fault").to_string()
    }

    #[test]
    fn what_stands_in_braces_is_one_of_a_closed_list() {
        assert_eq!(check("Come to {course} on {first day}, { First  Day }!", LETTER), Ok(()));
        assert!(fault("Come to {corse}").contains("Do you mean {course}?"));
        assert!(fault("Come to {link}").contains("It can fill in {course}, {days}"));
        assert!(fault("Yours is {reference}").starts_with("This letter has no {reference}"));
        for unpaired in ["Come to {course", "Come to course}", "{a {course}}", "}{"] {
            assert!(fault(unpaired).starts_with("Close each brace"), "{unpaired}");
        }
        assert!(check("Yours is {reference}", WordedLetter::BookingConfirmed).is_ok());
        assert!(check("{how soon}", WordedLetter::Reminder).is_ok());
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let value = |_| "{days}".to_owned();
        assert_eq!(filled("To {course}, {nothing}", LETTER, value), "To {days}, {nothing}");
    }

    #[test]
    fn every_original_subject_can_be_kept_as_a_wording() {
        for letter in WordedLetter::ALL {
            assert_eq!(check(letter.original_subject(), *letter), Ok(()), "{letter}");
            assert_eq!(check(ORIGINAL_CLOSING, *letter), Ok(()));
        }
    }

    #[test]
    fn a_word_with_two_slips_at_most_is_taken_for_the_one_it_looks_like() {
        for (name, typed) in [
            ("course", "corse"),
            ("course", "Courses!"),
            ("course", "kurse"),
            ("days", "dya s"),
            ("first day", "FirstDay"),
            ("alliance", "lliance"),
            ("place", "palce"),
        ] {
            assert!(is_near(name, typed), "{typed} for {name}");
        }
        for (name, typed) in [
            ("course", "xxxrse"),
            ("course", "rse"),
            ("course", "coursexyz"),
            ("alliance", "ance"),
            ("time", "place"),
            ("day", "x"),
            ("us", "me"),
            ("", ""),
        ] {
            assert!(!is_near(name, typed), "{typed} for {name}");
        }
        assert!(!fault("Come to {link}").contains("Do you mean"));
    }
}
