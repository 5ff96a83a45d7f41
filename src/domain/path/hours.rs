//! Hours as people type and read them.

use std::fmt;

/// The most hours of one thing.
const MOST: f64 = 1000.0;

/// A length of time, told in hours: `12`, `1.5`, `0.75`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hours(pub u32);

impl Hours {
    /// `50 hours`, `1 hour`.
    pub fn words(self) -> String {
        if self.0 == 60 { "1 hour".to_owned() } else { format!("{self} hours") }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 60, self.0 % 60);
        let hundredths = (rest * 100 + 30) / 60;
        match hundredths {
            0 => write!(f, "{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{whole}.{}", tenths / 10),
            hundredths => write!(f, "{whole}.{hundredths:02}"),
        }
    }
}

/// What is no number of hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("enter hours, such as 2 or 1.5, up to 1000")]
pub struct NoHours;

/// Minutes of hours as they are typed, with a point or a comma; zero only where `least` says so.
///
/// # Errors
/// [`NoHours`].
pub fn typed_hours(typed: &str, least: u32) -> Result<u32, NoHours> {
    let typed = typed.trim().replace(',', ".");
    let plain = !typed.is_empty() && typed.bytes().all(|one| one.is_ascii_digit() || one == b'.');
    let hours: f64 = typed.parse().ok().filter(|_| plain).ok_or(NoHours)?;
    if !(0.0..=MOST).contains(&hours) {
        return Err(NoHours);
    }
    let minutes = (hours * 60.0).round() as u32;
    if minutes < least { Err(NoHours) } else { Ok(minutes) }
}
