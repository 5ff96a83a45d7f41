//! Characters that nobody sees, and that change how the text around them reads.
//!
//! The one list of them: fields refuse them, letters and calendars leave them out.

/// Whether it is an explicit mark of direction: an embedding, override or isolate, or the end of one
/// (UAX #9, 2.1 to 2.5). Cut off or left open they turn what follows. The implicit marks of 2.6 (U+061C,
/// U+200E, U+200F) end with themselves, and Arabic and Hebrew need them.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether it is set aside for use inside programs (the Unicode Standard, 23.7).
fn is_noncharacter(c: char) -> bool {
    (c as u32) & 0xFFFE == 0xFFFE || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// Whether it breaks a line, as a control does or as a separator (UAX #14, class BK, with CR, LF, NL).
pub fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\u{0B}' | '\u{0C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it must not stand in a line of text: what breaks it, other controls (general category Cc),
/// marks of direction, noncharacters, and the byte order mark.
pub fn is_deceptive(c: char) -> bool {
    c.is_control() || breaks_line(c) || is_direction(c) || is_noncharacter(c) || c == '\u{FEFF}'
}

/// Whether nothing is seen of it: white space, joiners and marks of direction, fillers, variation selectors
/// (the Unicode Standard, 23.2 and 23.4). A name may have some of them, and not be made of them alone.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || is_deceptive(c)
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        )
        || matches!(c, '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(c, '\u{E0000}'..='\u{E0FFF}')
}

/// A text with what `hides` in it shown as the sign for what cannot be (U+FFFD).
pub fn shown(text: &str, hides: impl Fn(char) -> bool) -> String {
    text.chars().map(|c| if hides(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_told_from_what_writing_needs() {
        for c in "\t\n\u{0}\u{7F}\u{85}\u{2028}\u{2029}\u{202A}\u{202E}\u{2066}\u{2069}".chars() {
            assert!(is_deceptive(c), "{c:?}");
        }
        for c in "\u{FEFF}\u{FDD0}\u{FFFE}\u{1FFFF}".chars() {
            assert!(is_deceptive(c) && !breaks_line(c), "{c:?}");
        }
        // A joiner in emoji and Persian, the marks of right-to-left text, a no-break space.
        for c in "\u{200D}\u{200C}\u{200E}\u{200F}\u{061C}\u{A0}é李🦽".chars() {
            assert!(!is_deceptive(c), "{c:?}");
        }
    }
}
