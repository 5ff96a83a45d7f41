//! A link that lets somebody without an account help at the door of one sitting, on its day and no longer.

use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};

use super::{
    id::{HelperLinkId, SessionCode, SittingId, StaffLogin},
    sitting::Sitting,
};

/// How long after the end of the sitting it still opens: for whoever was late, and for a phone that found
/// signal on the way home.
const AFTER: Duration = Duration::hours(3);

/// Such a link. Its secret is known to whoever was given it, and to nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelperLink {
    /// Which.
    pub id: HelperLinkId,
    /// Of which session.
    pub session: SessionCode,
    /// Whose door it opens.
    pub sitting: SittingId,
    /// Whether people without a booking can be added with it.
    pub walk_ins: bool,
    /// Who made it, and answers for it.
    pub made_by: StaffLogin,
    /// When.
    pub made_at: DateTime<Utc>,
    /// When it was ended before its time, if it was.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Between which moments the link of a sitting opens its door: they move with the sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelperHours {
    /// From midnight of its day on, by the clock on its wall, or earlier where people are checked in before.
    pub from: DateTime<Utc>,
    /// Some hours after its end.
    pub until: DateTime<Utc>,
}

impl HelperHours {
    /// Those of a sitting, for which people are checked in so long before it starts.
    pub fn of(sitting: &Sitting, before: Duration) -> Self {
        let midnight = sitting.starts.date().and_time(NaiveTime::MIN);
        let midnight = sitting.zone.from_local_datetime(&midnight).earliest();
        let check_in = sitting.starts_at - before;
        let from = midnight.map_or(check_in, |at| at.with_timezone(&Utc).min(check_in));
        Self { from, until: sitting.ends_at + AFTER }
    }

    /// Whether a moment is before them.
    pub fn is_early(self, now: DateTime<Utc>) -> bool {
        now < self.from
    }

    /// Whether a moment is within them.
    pub fn hold(self, now: DateTime<Utc>) -> bool {
        !self.is_early(now) && now <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_on_its_day_by_the_clock_on_the_wall() {
        let starts = "2027-03-28T10:00:00".parse().expect("a time");
        let ends = "2027-03-28T16:00:00".parse().expect("a time");
        let zone = chrono_tz::Europe::London;
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let sitting = Sitting {
            id: SittingId::new(uuid::Uuid::nil()),
            number: 1,
            starts,
            ends,
            zone,
            starts_at: at("2027-03-28T09:00:00Z"),
            ends_at: at("2027-03-28T15:00:00Z"),
            uid: String::new(),
            place: None,
            sequence: 0,
            created_at: at("2027-01-01T00:00:00Z"),
            changed_at: at("2027-01-01T00:00:00Z"),
        };
        let hours = HelperHours::of(&sitting, Duration::hours(2));
        assert_eq!(hours.from, at("2027-03-28T00:00:00Z"), "the clocks go forward an hour later");
        assert_eq!(hours.until, at("2027-03-28T18:00:00Z"));
        assert!(hours.hold(at("2027-03-28T12:00:00Z")) && !hours.hold(at("2027-03-28T18:00:01Z")));
        assert!(hours.is_early(at("2027-03-27T23:59:59Z")) && hours.hold(hours.from));
        let dawn = HelperHours::of(&sitting, Duration::hours(10));
        assert_eq!(dawn.from, at("2027-03-27T23:00:00Z"), "people are checked in before midnight");
    }
}
