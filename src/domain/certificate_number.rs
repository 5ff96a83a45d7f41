//! The number of a certificate, by which anybody can ask whether it is true.

use std::{fmt, str::FromStr};

/// How many digits it has, of sixteen kinds: 80 bits that nobody guesses.
const DIGITS: usize = 20;

/// The number of a certificate: `3F2A-91BC-0D4E-77A0-B1C2`.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateNumber(String);

/// A text that is no number of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the number of a certificate")]
pub struct NoCertificateNumber;

impl CertificateNumber {
    /// As it is stored.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// However it is typed: with lines or without, in capitals or not.
impl FromStr for CertificateNumber {
    type Err = NoCertificateNumber;

    fn from_str(typed: &str) -> Result<Self, NoCertificateNumber> {
        let is_between = |letter: &char| matches!(letter, '-' | ' ');
        let digits: String =
            typed.trim().to_lowercase().chars().filter(|letter| !is_between(letter)).collect();
        let good = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if good { Ok(Self(digits)) } else { Err(NoCertificateNumber) }
    }
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", digit.to_ascii_uppercase())?;
        }
        Ok(())
    }
}

/// It opens a page about somebody, so it does not show itself in logs.
impl fmt::Debug for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateNumber(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_however_it_is_typed() {
        let number: CertificateNumber = "3f2a91bc0d4e77a0b1c2".parse().expect("a number");
        assert_eq!(number.to_string(), "3F2A-91BC-0D4E-77A0-B1C2");
        assert_eq!(" 3F2A-91bc 0D4E-77A0-B1C2".parse(), Ok(number));
        for none in ["", "3F2A", "3f2a91bc0d4e77a0b1cz", "3f2a91bc0d4e77a0b1c2f"] {
            assert_eq!(none.parse::<CertificateNumber>(), Err(NoCertificateNumber), "{none}");
        }
    }

    #[test]
    fn it_is_stored_as_plain_digits_and_no_log_shows_them() {
        let number: CertificateNumber = "3F2A-91BC-0D4E-77A0-B1C2".parse().expect("a number");
        assert_eq!(number.digits(), "3f2a91bc0d4e77a0b1c2");
        assert_eq!(format!("{number:?}"), "CertificateNumber(***)");
    }
}
