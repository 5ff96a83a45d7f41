//! By what a name is found, and where it stands in a list: one search key and one sort key, computed
//! here so that both databases, every list and every file agree, whatever a phone or a spreadsheet
//! typed.
//!
//! A search key keeps letters, digits and symbols. Case, accents and other marks, spaces, apostrophes,
//! dashes and what nobody sees are left out, and letters that are another with a stroke or in one piece
//! are written as people without them type them: `Łukasz O’Neill-Brandt` is found as `lukasz`, `oneill`
//! or `o neill brandt`. A sort key is the collation of all languages (CLDR's root): É stands among E,
//! Ł among L. Its bytes are compared as they are.

mod letters;
mod order;
mod phone;

pub use letters::folded;
pub use order::sort_key;
pub use phone::phone_key;

/// What the keys in a database were computed by; when it says something else, all are computed anew.
/// Raise the number when a rule here changes, and the version with ICU's: a test compares it.
pub const RULES: &str = "1, icu 2.4.0";

/// The search key of all that something is found by, such as a name and an address.
pub fn search_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let folded: Vec<_> = parts.into_iter().map(folded).filter(|part| !part.is_empty()).collect();
    folded.join(" ")
}

/// What somebody looks for: words that must all be found, in whatever order and wherever.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted(Vec<String>);

impl Wanted {
    /// Reads what was typed into a search. Nothing typed looks for everything.
    pub fn typed(typed: &str) -> Self {
        if phone::is_number(typed) {
            return Self(vec![phone::wanted(typed)]);
        }
        let words: Vec<_> =
            typed.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
        // Signs that no key holds were looked for, so that nothing is found rather than everything.
        let only_signs = words.is_empty() && typed.chars().any(letters::is_seen);
        Self(if only_signs { vec!["-".to_owned()] } else { words })
    }

    /// The words, as a search key has them.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether nothing narrows the list.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of it is found in a search key.
    pub fn is_in(&self, key: &str) -> bool {
        self.0.iter().all(|word| key.contains(word.as_str()))
    }

    /// Whether all of it is found in these texts.
    pub fn is_among<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_everything() || self.is_in(&search_key(parts))
    }
}

#[cfg(test)]
mod tests;
