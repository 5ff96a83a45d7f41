//! An address at which nobody has opened one of our links yet: whoever typed it may be a stranger to it, so
//! that few invites a day go there.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::id::PlaceId;

/// The days of one place, told at once: they leave together, however many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round {
    /// Whose days they are.
    pub place: Option<PlaceId>,
    /// When they were written.
    pub written_at: DateTime<Utc>,
}

/// Which of the invites that wait for one address, in their order, must go on waiting when `most` a day go
/// there and `gone` are those of the last day. What was begun is finished, and the first of a day goes whole
/// even if it has more days than that: half of a training is no invite to it.
pub fn must_wait(most: u32, gone: &[(Round, u32)], waiting: &[Round]) -> Vec<bool> {
    let mut begun: BTreeSet<Round> = gone.iter().map(|(round, _)| *round).collect();
    let mut used: u32 = gone.iter().map(|(_, count)| *count).sum();
    let waits = |round: &Round| {
        if begun.contains(round) {
            return false;
        }
        let days = waiting.iter().filter(|one| *one == round).count();
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        let goes = used == 0 || used.saturating_add(days) <= most;
        if goes {
            begun.insert(*round);
            used = used.saturating_add(days);
        }
        !goes
    };
    waiting.iter().map(waits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(number: u128, minute: i64) -> Round {
        let place = Some(PlaceId::new(uuid::Uuid::from_u128(number)));
        Round { place, written_at: DateTime::UNIX_EPOCH + chrono::Duration::minutes(minute) }
    }

    #[test]
    fn three_go_and_the_others_wait() {
        let waiting = [1, 2, 3, 4, 5].map(|number| round(number, 0));
        assert_eq!(must_wait(3, &[], &waiting), [false, false, false, true, true]);
        assert_eq!(must_wait(3, &[(round(9, 0), 2)], &waiting), [false, true, true, true, true]);
        assert_eq!(must_wait(3, &[(round(9, 0), 3)], &waiting), [true; 5]);
    }

    #[test]
    fn the_days_of_a_training_are_not_torn_apart() {
        let long = [round(1, 0); 5];
        assert_eq!(must_wait(3, &[], &long), [false; 5], "the first of a day goes whole");
        assert_eq!(
            must_wait(3, &[(round(1, 0), 3)], &long[3..]),
            [false; 2],
            "as does what was begun"
        );
        let two = [round(1, 0), round(1, 0), round(2, 0), round(2, 0), round(3, 0)];
        assert_eq!(must_wait(3, &[], &two), [false, false, true, true, false]);
    }

    #[test]
    fn the_same_place_told_again_counts_again() {
        let waiting = [round(1, 1), round(1, 2), round(1, 3)];
        assert_eq!(must_wait(2, &[(round(1, 0), 1)], &waiting), [false, true, true]);
    }
}
