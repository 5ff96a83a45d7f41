//! The reference people read out on the telephone.

use std::{fmt, str::FromStr};

/// A booking's reference, such as `RM7K-4TQ2`: eight characters without 0, O, 1, I or L, so that
/// it survives handwriting and bad lines. It identifies a booking; it opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference(String);

const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

impl Reference {
    /// Makes a reference from eight random bytes. Two may collide (31^8 is about 8.5e11):
    /// the caller draws again.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        let symbol = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
        let (head, tail) = bytes.split_at(4);
        let word = |part: &[u8]| part.iter().map(symbol).collect::<String>();
        Self(format!("{}-{}", word(head), word(tail)))
    }

    /// The reference with its hyphen.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is not a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a booking reference: it looks like RM7K-4TQ2")]
pub struct InvalidReference;

impl FromStr for Reference {
    type Err = InvalidReference;

    /// Accepts any case, with or without the hyphen.
    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let upper = text.trim().to_ascii_uppercase();
        let symbols: String = upper.chars().filter(|c| *c != '-' && *c != ' ').collect();
        if symbols.len() == 8 && symbols.bytes().all(|b| ALPHABET.contains(&b)) {
            Ok(Self(format!("{}-{}", &symbols[..4], &symbols[4..])))
        } else {
            Err(InvalidReference)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_no_look_alike_characters_and_read_back_however_typed() {
        for seed in 0..=255_u8 {
            let reference = Reference::from_random([seed; 8]);
            assert!(!reference.as_str().contains(['0', 'O', '1', 'I', 'L']));
            assert_eq!(reference.as_str().to_lowercase().replace('-', " ").parse(), Ok(reference));
        }
        assert_eq!("RM7K-4TQ0".parse::<Reference>(), Err(InvalidReference));
    }

    #[test]
    fn each_byte_is_a_character_and_all_characters_come_up() {
        let reference = Reference::from_random([0, 1, 8, 30, 31, 61, 62, 255]);
        assert_eq!(reference.as_str(), "23AZ-2Z29");
    }
}
