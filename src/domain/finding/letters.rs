//! Letters as people type them who do not have the keys for others.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory},
};

/// A text's letters, digits and symbols, each in its plainest form and lower case.
pub fn folded(text: &str) -> String {
    let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
    let mut folded = String::with_capacity(text.len());
    for letter in normalizer.normalize(text).chars().filter(|letter| !is_dropped(*letter)) {
        // Down, up and down again folds what one way alone leaves: ẞ, ς, ſ.
        let lower = letter.to_lowercase().flat_map(char::to_uppercase);
        for lower in lower.flat_map(char::to_lowercase).filter(|letter| !is_dropped(*letter)) {
            match plain(lower) {
                "" => folded.push(lower),
                plain => folded.push_str(plain),
            }
        }
    }
    folded
}

/// Whether a key leaves it out: marks, what separates words or parts of them, what nobody sees.
fn is_dropped(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_whitespace()
            || letter.is_ascii_control()
            || "!\"#%&'()*,-./:;?@[\\]_{}^`".contains(letter);
    }
    // Letters by name that are used as apostrophes: ʹ ʻ ʼ ʾ ʿ ˈ and their like, and the saltillo.
    if matches!(letter, '\u{2B9}'..='\u{2FF}' | '\u{A78B}' | '\u{A78C}') || !is_seen(letter) {
        return true;
    }
    let class = CodePointMapData::<CanonicalCombiningClass>::new().get(letter);
    class != CanonicalCombiningClass::NotReordered
        || matches!(
            CodePointMapData::<GeneralCategory>::new().get(letter),
            GeneralCategory::EnclosingMark
                | GeneralCategory::ModifierSymbol
                | GeneralCategory::ConnectorPunctuation
                | GeneralCategory::DashPunctuation
                | GeneralCategory::OpenPunctuation
                | GeneralCategory::ClosePunctuation
                | GeneralCategory::InitialPunctuation
                | GeneralCategory::FinalPunctuation
                | GeneralCategory::OtherPunctuation
        )
}

/// Whether it leaves a trace on the page.
pub(super) fn is_seen(letter: char) -> bool {
    !letter.is_whitespace()
        && !letter.is_control()
        && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
        && CodePointMapData::<GeneralCategory>::new().get(letter) != GeneralCategory::Format
}

/// What is typed for a letter in lower case that does not decompose into another and a mark;
/// nothing where the letter itself is typed.
fn plain(letter: char) -> &'static str {
    match letter {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ß' => "ss",
        'ŋ' => "n",
        'ĸ' => "k",
        'ı' | 'ɨ' => "i",
        'ƀ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' => "c",
        'đ' | 'ð' | 'ɗ' | 'ɖ' => "d",
        'ə' | 'ǝ' | 'ɛ' | 'ɇ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' => "g",
        'ħ' | 'ɦ' => "h",
        'ɉ' => "j",
        'ƙ' | 'ꝁ' => "k",
        'ł' | 'ƚ' | 'ɫ' | 'ⱡ' => "l",
        'ɲ' | 'ƞ' => "n",
        'ø' | 'ɔ' | 'ɵ' => "o",
        'ƥ' | 'ᵽ' => "p",
        'ɍ' => "r",
        'ʂ' | 'ȿ' => "s",
        'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'ʉ' => "u",
        'ʋ' => "v",
        'ɏ' | 'ƴ' => "y",
        'ƶ' | 'ȥ' | 'ɀ' => "z",
        'ʒ' => "z",
        _ => "",
    }
}
