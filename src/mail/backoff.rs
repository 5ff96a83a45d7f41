//! When a letter that did not leave is tried again.

use chrono::{DateTime, Duration, Utc};

/// Minutes to wait after the first failure, the second, and so on: soon enough that a restarted
/// mail server is not noticed, long enough that a weekend's outage loses nothing.
const MINUTES: [i64; 7] = [1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60];

/// When to try again after `attempts` failures, the last of them at `now`; `None` means give up
/// and tell the office.
pub fn next_attempt(attempts: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Some(failed) = attempts.checked_sub(1) else { return Some(now) };
    let minutes = MINUTES.get(usize::try_from(failed).ok()?)?;
    now.checked_add_signed(Duration::minutes(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_minute_to_a_day_and_then_end() {
        let now = DateTime::UNIX_EPOCH;
        let waits: Vec<_> = (0..=9)
            .map(|attempts| next_attempt(attempts, now).map(|at| (at - now).num_minutes()))
            .collect();
        let expected = [0, 1, 5, 15, 60, 240, 720, 1440].map(Some);
        assert_eq!(waits[..8], expected);
        assert_eq!(waits[8..], [None, None]);
        assert_eq!(next_attempt(u32::MAX, now), None);
    }
}
