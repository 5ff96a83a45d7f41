//! Where a name stands in a list.

use std::sync::LazyLock;

use icu_collator::{
    Collator, CollatorBorrowed, CollatorPreferences,
    options::{CollatorOptions, Strength},
};
use icu_properties::{CodePointMapData, props::GeneralCategory};

use super::letters::is_seen;

/// The order of all languages, by letter, then accent, then case. `None` only if the data compiled
/// into the program lacked it.
static ORDER: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Tertiary);
    Collator::try_new(CollatorPreferences::default(), options).ok()
});

/// Bytes that stand in the order of names. However an apostrophe or a dash was typed, it does not move
/// a name; of two names that differ in nothing else, one always comes first.
pub fn sort_key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    if let Some(order) = &*ORDER {
        let Ok(()) = order.write_sort_key_to(&spelt(name), &mut key);
    }
    // No key holds a zero, so that what is longer comes after it.
    key.push(0);
    key.extend_from_slice(name.as_bytes());
    key
}

/// The name without apostrophes and what nobody sees, and with a space for each dash.
fn spelt(name: &str) -> String {
    let category = CodePointMapData::<GeneralCategory>::new();
    let letter = |letter: char| match letter {
        '\'' | '`' | '\u{B4}' | '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{2035}' => None,
        '\u{2B9}'..='\u{2BF}' | '\u{2C8}' | '\u{A78B}' | '\u{A78C}' | '\u{FF07}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter if category.get(letter) == GeneralCategory::DashPunctuation => Some(' '),
        letter => is_seen(letter).then_some(letter),
    };
    name.trim().chars().filter_map(letter).collect()
}
