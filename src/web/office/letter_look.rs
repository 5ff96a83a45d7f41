//! Letters to be read before they are sent (T4): one of each kind that a change would be.

use chrono::{DateTime, Utc};

use crate::domain::letter::{Letter, LetterKind, without_secrets};

/// How many letters of a kind are shown.
const ALIKE: usize = 2;

/// A letter as its reader would get it, but for her private links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterLook {
    /// Whom it is to.
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl LetterLook {
    /// What would leave now.
    pub fn of(letter: Letter, now: DateTime<Utc>) -> Self {
        let letter = letter.leaving(now);
        let name = letter.to_name.map_or_else(String::new, |name| format!("{name}, "));
        Self {
            to: format!("{name}{}", letter.to),
            subject: letter.subject,
            text: without_secrets(&letter.text),
        }
    }

    /// Of letters that a change would be, the first two of each kind: to a leader, and to somebody who comes.
    pub fn samples(letters: Vec<Letter>, now: DateTime<Utc>) -> Vec<Self> {
        let mut kinds = Vec::new();
        let mut shown = Vec::new();
        for letter in letters {
            let alike = kinds.iter().filter(|kind| **kind == letter.kind).count();
            if letter.kind == LetterKind::TrainerTold || alike >= ALIKE {
                continue;
            }
            kinds.push(letter.kind);
            shown.push(Self::of(letter, now));
        }
        shown
    }
}
