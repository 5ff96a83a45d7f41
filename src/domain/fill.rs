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

/// How much of a session should be taken with so many days to go, as parts of its places: a third four weeks
/// before, half two weeks before, two thirds one week before.
const CURVE: [(i64, u32, u32); 3] = [(28, 1, 3), (14, 1, 2), (7, 2, 3)];

/// With less time than this nobody is won any more who did not know of it.
const TOO_LATE: Duration = Duration::days(2);

/// How long booking should have been open before anybody wonders.
const TO_BEGIN_WITH: Duration = Duration::days(7);

/// Whether a session fills slowly, and how late it is: the number of points of the curve that it has passed
/// below. It can be booked, there is time to act, and its booking has not just opened.
pub fn fills_slowly(session: &Session, fill: Fill, now: DateTime<Utc>) -> Option<u32> {
    let starts = session.starts_at()?;
    if !matches!(session.booking_status(now), BookingStatus::Open { .. }) || starts - now < TOO_LATE
    {
        return None;
    }
    let has_just_opened = session.booking_opens.is_some_and(|at| now - at < TO_BEGIN_WITH);
    if has_just_opened && starts - now > TO_BEGIN_WITH {
        return None;
    }
    let stage = behind(fill.confirmed, session.occupancy.capacity, starts - now);
    (stage > 0).then_some(stage)
}

/// How many points of the curve are passed, if fewer places are taken than the last of them asks for.
fn behind(taken: u32, capacity: u32, left: Duration) -> u32 {
    let passed = CURVE.iter().filter(|(days, ..)| left <= Duration::days(*days));
    let late = passed.filter(|(_, part, of)| {
        u64::from(taken) * u64::from(*of) < u64::from(capacity) * u64::from(*part)
    });
    u32::try_from(late.count()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_it_is_the_more_of_a_session_should_be_taken() {
        let [four, two, one] = [28, 14, 7].map(Duration::days);
        let moment = Duration::seconds(1);
        for (taken, left, stage) in [
            (0, four + moment, 0),
            (9, four, 1),
            (10, four, 0),
            (10, two + moment, 0),
            (9, two, 2),
            (14, two, 1),
            (15, two, 0),
            (9, one, 3),
            (19, one, 1),
            (20, one, 0),
            (14, moment, 2),
        ] {
            assert_eq!(behind(taken, 30, left), stage, "{taken} of 30 with {left} to go");
        }
    }

    #[test]
    fn only_places_that_hold_or_want_capacity_are_counted() {
        let mut fill = Fill::default();
        for status in PlaceStatus::ALL {
            fill.add(*status, 3);
        }
        let Fill { confirmed, held, offered, waiting, requested } = fill;
        assert_eq!((confirmed, held, offered, waiting, requested), (3, 3, 3, 3, 3));
        assert_eq!(fill.kept(), 6);
    }
    #[test]
    fn nobody_wonders_while_booking_has_just_opened_unless_the_session_is_near() {
        let mut session = crate::domain::samples::session();
        let starts = session.starts_at().expect("a first day");
        for (left, open, slow) in [(10, 3, false), (10, 8, true), (6, 3, true), (1, 30, false)] {
            let now = starts - Duration::days(left);
            session.booking_opens = Some(now - Duration::days(open));
            let stage = fills_slowly(&session, Fill::default(), now);
            assert_eq!(stage.is_some(), slow, "{left} days left, open for {open}");
        }
    }

    #[test]
    fn what_counts_as_slow_begins_with_two_days_left_and_a_week_after_booking_opened() {
        let mut session = crate::domain::samples::session();
        let starts = session.starts_at().expect("a first day");
        let (two, week, moment) = (Duration::days(2), Duration::days(7), Duration::seconds(1));
        for (left, open, slow) in [
            (two, week, true),
            (two - moment, week, false),
            (week + moment, week - moment, false),
            (week + moment, week, true),
            (week, week - moment, true),
        ] {
            let now = starts - left;
            session.booking_opens = Some(now - open);
            let stage = fills_slowly(&session, Fill::default(), now);
            assert_eq!(stage.is_some(), slow, "{left} left, open for {open}");
        }
        let full = Fill { confirmed: 30, ..Fill::default() };
        session.booking_opens = None;
        assert_eq!(fills_slowly(&session, full, starts - week), None);
        assert_eq!(fills_slowly(&session, Fill::default(), starts - week), Some(3));
    }
}
