//! Telephone numbers, which people write as they like.

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::letters::is_seen;

/// How many digits a number has at least that is looked for as one.
const SHORTEST: usize = 5;

/// How many digits at the end tell a number whose country we cannot tell from the rest.
const TELLING: usize = 8;

/// A number as typed, without what stands around it: a spreadsheet's apostrophe, a link's `tel:`.
fn bare(typed: &str) -> String {
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(typed);
    let seen: String = plain.chars().filter(|letter| is_seen(*letter)).collect();
    let seen = seen.trim_start_matches(['\'', '\u{2019}']);
    seen.strip_prefix("tel:").unwrap_or(seen).to_owned()
}

/// Whether all of it may be a telephone number.
pub(super) fn is_number(typed: &str) -> bool {
    let typed = bare(typed);
    let usual =
        |c: char| c.is_ascii_digit() || "+-()./\u{2010}\u{2011}\u{2012}\u{2013}".contains(c);
    typed.chars().filter(char::is_ascii_digit).count() >= SHORTEST && typed.chars().all(usual)
}

/// The digits that a number has in whichever way it is written: `+44 (0)7700 900117` and
/// `07700 900117` are both `7700900117`.
pub fn phone_key(written: &str) -> String {
    digits(written, |abroad| abroad)
}

/// The digits by which a number is looked for: those that any way of writing it has.
pub(super) fn wanted(typed: &str) -> String {
    digits(typed, |abroad| &abroad[abroad.len().saturating_sub(TELLING)..])
}

/// The digits within a country; of a number whose country we cannot tell from the rest, what `abroad`
/// makes of all of them.
fn digits(typed: &str, abroad: fn(&str) -> &str) -> String {
    let typed = bare(typed);
    let begins_abroad = typed.starts_with('+') || typed.starts_with("00");
    let digits: String = typed.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let digits = if begins_abroad { digits.trim_start_matches('0') } else { &digits };
    let national = match (digits.strip_prefix("44"), digits.strip_prefix('1')) {
        (Some(british), _) if begins_abroad || digits.len() == 12 => british,
        (_, Some(american)) if begins_abroad || digits.len() == 11 => american,
        _ if begins_abroad => abroad(digits),
        _ => digits,
    };
    national.trim_start_matches('0').to_owned()
}
