//! When what did not leave is tried again.

use chrono::{DateTime, Duration, Utc};

/// Minutes to wait after the first failure, the second, and so on, and after each that follows: soon
/// enough that a restarted mail server is not noticed, seldom enough for a mailbox that stays full.
const MINUTES: [i64; 6] = [1, 5, 15, 60, 4 * 60, 12 * 60];

/// How long a letter is tried for: over a long weekend, whatever happens. A day more, and what it says
/// would be old.
const GIVE_UP: Duration = Duration::days(5);

/// Seconds for which nothing is sent after the mail server took nothing from us, and after each time
/// that follows.
const PAUSES: [i64; 5] = [15, 30, 60, 120, 300];

/// When to try a letter again that was written, or put back by hand, at `since`, after `attempts`
/// failures, the last of them at `now`; `None` means give up and tell the office.
pub fn next_attempt(
    attempts: u32,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if is_too_old(since, now) {
        return None;
    }
    let Some(failed) = attempts.checked_sub(1) else { return Some(now) };
    let minutes = nth(&MINUTES, failed);
    // The last try is at the end, not half a day before it.
    Some((now + Duration::minutes(minutes)).min(since + GIVE_UP))
}

/// Whether a letter has been tried for long enough.
pub fn is_too_old(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - since >= GIVE_UP
}

/// For how long nothing is sent after the mail server took nothing from us for the `refusals`th time.
pub fn pause(refusals: u32) -> Duration {
    Duration::seconds(nth(&PAUSES, refusals.saturating_sub(1)))
}

fn nth(waits: &[i64], number: u32) -> i64 {
    let at = usize::try_from(number).unwrap_or(usize::MAX).min(waits.len() - 1);
    waits[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_minute_to_half_a_day_and_end_after_five_days() {
        let written = DateTime::UNIX_EPOCH;
        let mut waits = Vec::new();
        let (mut now, mut attempts) = (written, 0);
        while let Some(next) = next_attempt(attempts, written, now) {
            waits.push((next - now).num_minutes());
            now = next;
            attempts += 1;
        }
        assert_eq!(waits[..8], [0, 1, 5, 15, 60, 240, 720, 720]);
        assert_eq!(now - written, Duration::days(5), "the last try is at the end");
        assert_eq!(next_attempt(1, written, now - Duration::seconds(1)), Some(now));
    }

    #[test]
    fn a_server_that_refuses_us_is_left_alone_for_longer_and_longer() {
        let pauses = [1, 2, 5, 6, u32::MAX].map(|refusals| pause(refusals).num_seconds());
        assert_eq!(pauses, [15, 30, 300, 300, 300]);
    }
}
