//! How a session fills, state by state, and when an organiser should act on it.

use chrono::{DateTime, Duration, Utc};

use super::{
    place::PlaceStatus,
    session::{BookingStatus, Session},
};

/// How many places of a session stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fill {
    /// Places that are somebody's.
    pub confirmed: u32,
    /// Kept while a leader types.
    pub held: u32,
    /// Promised to the waiting list.
    pub offered: u32,
    /// On the waiting list.
    pub waiting: u32,
    /// Asked for; an organiser decides.
    pub requested: u32,
}

impl Fill {
    /// Counts places of one status; those that ended count nowhere.
    pub fn add(&mut self, status: PlaceStatus, count: u32) {
        match status {
            PlaceStatus::Confirmed => self.confirmed += count,
            PlaceStatus::Held => self.held += count,
            PlaceStatus::Offered => self.offered += count,
            PlaceStatus::Waiting => self.waiting += count,
            PlaceStatus::Requested => self.requested += count,
            _ => {}
        }
    }

    /// Places that hold capacity but are nobody's yet.
    pub fn kept(self) -> u32 {
        self.held + self.offered
    }
}

/// Whether a session fills slowly: it can be booked, and fewer than a third of its places are
/// taken with four weeks to go, or fewer than half with two.
pub fn fills_slowly(session: &Session, fill: Fill, now: DateTime<Utc>) -> bool {
    let Some(starts) = session.starts_at() else { return false };
    if !matches!(session.booking_status(now), BookingStatus::Open { .. }) {
        return false;
    }
    is_behind(fill.confirmed, session.occupancy.capacity, starts - now)
}

fn is_behind(taken: u32, capacity: u32, left: Duration) -> bool {
    (left <= Duration::days(28) && taken * 3 < capacity)
        || (left <= Duration::days(14) && taken * 2 < capacity)
}

/// Days before a session by which an interpreter should be booked: most need two weeks.
pub const INTERPRETER_DAYS: i64 = 14;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_should_be_taken_four_weeks_before_and_half_two_weeks_before() {
        let (four_weeks, two_weeks) = (Duration::days(28), Duration::days(14));
        let moment = Duration::seconds(1);
        for (taken, left, behind) in [
            (0, four_weeks + moment, false),
            (9, four_weeks, true),
            (10, four_weeks, false),
            (10, two_weeks + moment, false),
            (9, two_weeks, true),
            (14, two_weeks, true),
            (15, two_weeks, false),
            (14, moment, true),
        ] {
            assert_eq!(is_behind(taken, 30, left), behind, "{taken} of 30 with {left} to go");
        }
    }

    #[test]
    fn only_places_that_hold_or_want_capacity_are_counted() {
        let mut fill = Fill::default();
        for status in PlaceStatus::ALL {
            fill.add(*status, 2);
        }
        let Fill { confirmed, held, offered, waiting, requested } = fill;
        assert_eq!((confirmed, held, offered, waiting, requested), (2, 2, 2, 2, 2));
        assert_eq!(fill.kept(), 4);
    }
}
