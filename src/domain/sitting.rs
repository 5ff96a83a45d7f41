//! One continuous stretch of a session.

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{
    id::{SittingId, VenueId},
    location::Location,
};

/// Why two wall times do not make a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SittingFault {
    /// The clocks go forward over this time, so it never happens (RFC 5545 3.3.5).
    #[error("{local} does not exist in {zone}: the clocks go forward over it")]
    NoSuchTime {
        /// The wall time that does not exist.
        local: NaiveDateTime,
        /// The zone it does not exist in.
        zone: Tz,
    },
    /// It would end before, or when, it starts.
    #[error("a sitting must end after it starts")]
    EndsBeforeStart,
}

/// One continuous stretch of a session, kept as wall time in a zone with the instants beside it.
///
/// The wall time is the truth: when a government moves its clocks, people still meet at half past
/// nine, and the instants are derived again (C6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// Never changes; attendance and invitations hang on it.
    pub id: SittingId,
    /// Its number within the session, from 1.
    pub number: u32,
    /// When it starts, as a clock on the wall shows it.
    pub starts: NaiveDateTime,
    /// When it ends, as a clock on the wall shows it.
    pub ends: NaiveDateTime,
    /// The zone of that clock.
    pub zone: Tz,
    /// The instant derived from `starts` and `zone`.
    pub starts_at: DateTime<Utc>,
    /// The instant derived from `ends` and `zone`.
    pub ends_at: DateTime<Utc>,
    /// Its UID in public feeds, for the life of the sitting (RFC 7986 5.3).
    pub uid: String,
    /// How often what feeds show of it has changed (RFC 5545 3.8.7.4).
    pub sequence: u32,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When what feeds show of it last changed.
    pub changed_at: DateTime<Utc>,
    /// Where it is held, if not where its session is.
    pub place: Option<DayPlace>,
}

/// A room people travel to for one day of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlace {
    /// The venue on the office's list, if it is one.
    pub venue: Option<VenueId>,
    /// What the building is called.
    pub name: String,
    /// Street, town and postcode on one line; may be empty.
    pub address: String,
}

impl DayPlace {
    /// Where it is.
    pub fn location(&self) -> Location {
        Location::Venue { name: self.name.clone(), address: self.address.clone() }
    }
}

/// A day that was taken off a session, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedDay {
    /// When it would have been.
    pub sitting: Sitting,
    /// Of how many days it was one.
    pub days: u32,
    /// When it was taken off.
    pub removed_at: DateTime<Utc>,
}

/// The instants of a stretch of wall time. A time that occurs twice means its first occurrence.
///
/// # Errors
/// [`SittingFault`], when a time does not exist in the zone or the stretch has no length.
pub fn instants(
    starts: NaiveDateTime,
    ends: NaiveDateTime,
    zone: Tz,
) -> Result<(DateTime<Utc>, DateTime<Utc>), SittingFault> {
    let starts_at = instant(starts, zone)?;
    let ends_at = instant(ends, zone)?;
    if ends_at <= starts_at {
        return Err(SittingFault::EndsBeforeStart);
    }
    Ok((starts_at, ends_at))
}

/// The instant of a wall time; the first one where clocks go back over it.
///
/// # Errors
/// [`SittingFault::NoSuchTime`], when the clocks go forward over it.
pub fn instant(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, SittingFault> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Ok(time.to_utc()),
        LocalResult::None => Err(SittingFault::NoSuchTime { local, zone }),
    }
}

/// A moment so much later by the clock on the wall, whatever the clocks did in between. A time that the
/// clocks skip there becomes the one an hour on.
pub fn later(at: DateTime<Utc>, by: Duration, zone: Tz) -> DateTime<Utc> {
    let local = at.with_timezone(&zone).naive_local() + by;
    let moved = instant(local, zone).or_else(|_| instant(local + Duration::hours(1), zone));
    moved.unwrap_or(at + by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a wall time")
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused_and_one_they_repeat_means_the_first() {
        let london = chrono_tz::Europe::London;
        assert!(matches!(
            instant(at("2027-03-28T01:30:00"), london),
            Err(SittingFault::NoSuchTime { .. })
        ));
        let first = instant(at("2027-10-31T01:30:00"), london).map(|t| t.to_rfc3339());
        assert_eq!(first.as_deref(), Ok("2027-10-31T00:30:00+00:00"));
    }

    #[test]
    fn a_sitting_ends_after_it_starts() {
        let (nine, ten) = (at("2027-01-09T09:00:00"), at("2027-01-09T10:00:00"));
        assert_eq!(instants(ten, nine, chrono_tz::UTC), Err(SittingFault::EndsBeforeStart));
        assert_eq!(instants(nine, nine, chrono_tz::UTC), Err(SittingFault::EndsBeforeStart));
        assert!(instants(nine, ten, chrono_tz::UTC).is_ok());
    }

    #[test]
    fn later_means_by_the_clock_on_the_wall_whatever_the_clocks_did() {
        let london = chrono_tz::Europe::London;
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        for (from, days, to) in [
            ("2027-03-20T09:30:00Z", 7, "2027-03-27T09:30:00Z"),
            // The clocks go forward on 28 March, and back on 31 October.
            ("2027-03-27T09:30:00Z", 7, "2027-04-03T08:30:00Z"),
            ("2027-10-30T08:30:00Z", 7, "2027-11-06T09:30:00Z"),
            ("2027-04-03T08:30:00Z", -7, "2027-03-27T09:30:00Z"),
            // Half past one is skipped there: it becomes half past two.
            ("2027-03-27T01:30:00Z", 1, "2027-03-28T01:30:00Z"),
        ] {
            assert_eq!(later(at(from), Duration::days(days), london), at(to), "{from}");
        }
    }
}
