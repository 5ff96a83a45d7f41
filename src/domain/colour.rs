//! A colour that white text can be read on.

use std::{fmt, str::FromStr};

/// The least contrast of text that WCAG 2.2 asks for at level AA (1.4.3).
const LEAST: f64 = 4.5;

/// A colour that white text can be read on: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// Why a colour was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ColourFault {
    /// It is not written as a colour.
    #[error("a colour looks like #0b5d4b: six digits from 0 to 9 and a to f")]
    NoColour,
    /// White text on it could not be read.
    #[error(
        "white text on this colour is hard to read: its contrast is {contrast:.1}, and at least {LEAST} is needed. \
         Choose a darker one"
    )]
    TooPale {
        /// What its contrast with white is.
        contrast: f64,
    },
}

impl Colour {
    /// Its contrast with white, from 1 to 21 (WCAG 2.2).
    pub fn contrast(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

impl FromStr for Colour {
    type Err = ColourFault;

    fn from_str(typed: &str) -> Result<Self, ColourFault> {
        let typed = typed.trim();
        let digits = typed.strip_prefix('#').unwrap_or(typed);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(ColourFault::NoColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| ColourFault::NoColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        let colour = Self([red, green, blue]);
        let contrast = colour.contrast();
        // Rounded down, so that what is told is never the least that would do.
        let contrast = (contrast * 10.0).floor() / 10.0;
        if colour.contrast() < LEAST { Err(ColourFault::TooPale { contrast }) } else { Ok(colour) }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_colour_that_white_text_can_be_read_on_is_one() {
        for good in ["#0b5d4b", "0B5D4B", "#000000", " #767676 "] {
            let colour: Colour = good.parse().expect(good);
            assert!(colour.contrast() >= LEAST, "{good}");
        }
        for pale in ["#777777", "#ffb81f", "#ffffff"] {
            let told = pale.parse::<Colour>().expect_err(pale).to_string();
            assert!(told.contains("Choose a darker one"), "{pale}: {told}");
        }
        for none in ["", "red", "#12345", "#12345g", "#+12345", "#1234567"] {
            assert_eq!(none.parse::<Colour>(), Err(ColourFault::NoColour), "{none}");
        }
        assert_eq!("#0B5D4B".parse::<Colour>().expect("a colour").to_string(), "#0b5d4b");
    }

    #[test]
    fn contrast_is_that_of_wcag_and_never_told_as_the_least_that_would_do() {
        for (colour, contrast) in
            [("#000000", "21.0"), ("#0a0a0a", "19.8"), ("#0b5d4b", "7.8"), ("#767676", "4.5")]
        {
            let colour: Colour = colour.parse().expect(colour);
            assert_eq!(format!("{:.1}", colour.contrast()), contrast, "{colour}");
        }
        for (pale, contrast) in [("#777777", 4.4), ("#ffb81f", 1.7), ("#ffffff", 1.0)] {
            let fault = pale.parse::<Colour>().expect_err(pale);
            assert_eq!(fault, ColourFault::TooPale { contrast }, "{pale}");
        }
    }
}
