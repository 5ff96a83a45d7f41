//! A session as an organiser plans it, and what is wrong with a plan.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{
    id::{AllianceSlug, CourseSlug, StaffLogin},
    location::Location,
    session::{BookingMode, Publication, Session},
    sitting::Sitting,
};

/// One day as it is planned: wall times in the alliance's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedSitting {
    /// Wall time in the zone of the alliance.
    pub starts: NaiveDateTime,
    /// Wall time in the same zone; after the start.
    pub ends: NaiveDateTime,
}

/// What can be changed without telling anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionDetails {
    /// What the place offers, and what it lacks; each a short phrase.
    pub access: Vec<String>,
    /// The most places one institution may hold.
    pub places_per_institution: Option<u32>,
    /// The most places one booking may ask for.
    pub places_per_booking: u32,
    /// How a booking is answered.
    pub mode: BookingMode,
    /// The first instant at which it can be booked; `None`: as soon as it is published.
    pub booking_opens: Option<DateTime<Utc>>,
    /// The instant from which it cannot; `None`: when the first day starts.
    pub booking_closes: Option<DateTime<Utc>>,
    /// Whether people can wait when it is full.
    pub waiting_list: bool,
    /// Who leads it, in order.
    pub trainers: Vec<StaffLogin>,
    /// Something everybody should know.
    pub note: Option<String>,
}

/// A session as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPlan {
    /// The course it will be a run of.
    pub course: CourseSlug,
    /// The alliance that runs it, whose zone its days are in.
    pub alliance: AllianceSlug,
    /// A venue or a video call.
    pub location: Location,
    /// How many places; the course's usual number if `None`.
    pub capacity: Option<u32>,
    /// One or more, in order of time.
    pub sittings: Vec<PlannedSitting>,
    /// What can be changed later without telling anybody.
    pub details: SessionDetails,
}

/// An end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The moment a day begins.
    Start,
    /// The moment a day is over.
    End,
}

/// What is wrong with one day of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DayFault {
    /// The clocks go forward over this time, so it never happens.
    #[error("the clocks go forward over this time")]
    NeverHappens(Edge),
    /// The clocks go back over this time, so it happens twice.
    #[error("the clocks go back over this time")]
    HappensTwice(Edge),
    /// It would end before, or when, it starts.
    #[error("it must end after it starts")]
    EndsBeforeStart,
    /// It starts before the day before it ends.
    #[error("it starts before the day before it has ended")]
    Overlaps,
    /// It is over already.
    #[error("it is in the past")]
    InThePast,
}

/// A fault with the number of the day it is about, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberedFault {
    /// The day, counted from 1.
    pub number: u32,
    /// What is wrong with it.
    pub fault: DayFault,
}

/// When a day starts and ends.
pub type Instants = (DateTime<Utc>, DateTime<Utc>);

/// The instants of the days of a plan in `zone`, all of them after `now`.
///
/// # Errors
/// Everything that is wrong, day by day.
pub fn instants_of(
    days: &[PlannedSitting],
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Vec<Instants>, Vec<NumberedFault>> {
    let (mut instants, mut faults) = (Vec::new(), Vec::new());
    let mut free_from = now;
    for (number, day) in (1..).zip(days) {
        match instants_of_day(day, zone) {
            Ok((starts, ends)) => {
                if starts <= now {
                    faults.push(NumberedFault { number, fault: DayFault::InThePast });
                } else if starts < free_from {
                    faults.push(NumberedFault { number, fault: DayFault::Overlaps });
                }
                free_from = free_from.max(ends);
                instants.push((starts, ends));
            }
            Err(fault) => faults.push(NumberedFault { number, fault }),
        }
    }
    if faults.is_empty() { Ok(instants) } else { Err(faults) }
}

fn instants_of_day(day: &PlannedSitting, zone: Tz) -> Result<Instants, DayFault> {
    let instant = |local: NaiveDateTime, edge| match zone.from_local_datetime(&local) {
        LocalResult::Single(time) => Ok(time.to_utc()),
        LocalResult::Ambiguous(..) => Err(DayFault::HappensTwice(edge)),
        LocalResult::None => Err(DayFault::NeverHappens(edge)),
    };
    let (starts, ends) = (instant(day.starts, Edge::Start)?, instant(day.ends, Edge::End)?);
    if ends <= starts { Err(DayFault::EndsBeforeStart) } else { Ok((starts, ends)) }
}

/// Somebody who would have to be in two places at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The trainer's name, as the page shows it.
    pub trainer: String,
    /// What else they lead then.
    pub title: String,
    /// The day on which they do.
    pub sitting: Sitting,
}

/// The trainers of `session` who lead another of `others` at the same time.
pub fn clashes(session: &Session, others: &[Session]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for other in others.iter().filter(|other| {
        other.code != session.code && !matches!(other.publication, Publication::Cancelled { .. })
    }) {
        let overlapping = other.sittings.iter().find(|theirs| {
            session
                .sittings
                .iter()
                .any(|ours| ours.starts_at < theirs.ends_at && theirs.starts_at < ours.ends_at)
        });
        let Some(sitting) = overlapping else { continue };
        let busy = session.trainers.iter().filter(|trainer| other.is_led_by(&trainer.login));
        clashes.extend(busy.map(|trainer| Clash {
            trainer: trainer.name.clone(),
            title: other.course.title.clone(),
            sitting: sitting.clone(),
        }));
    }
    clashes
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::London;

    use super::*;

    fn day(starts: &str, ends: &str) -> PlannedSitting {
        PlannedSitting { starts: starts.parse().unwrap(), ends: ends.parse().unwrap() }
    }

    fn faults(days: &[PlannedSitting]) -> Vec<(u32, DayFault)> {
        let now = "2027-01-02T10:00:00Z".parse().unwrap();
        let faults = instants_of(days, London, now).err().unwrap_or_default();
        faults.into_iter().map(|one| (one.number, one.fault)).collect()
    }

    #[test]
    fn a_time_the_clocks_skip_or_repeat_is_told_apart_and_named_by_its_day() {
        let good = day("2027-03-20T09:30:00", "2027-03-20T16:30:00");
        let skipped = day("2027-03-28T01:30:00", "2027-03-28T04:00:00");
        let repeated = day("2027-10-30T22:00:00", "2027-10-31T01:30:00");
        assert_eq!(
            faults(&[good, skipped, repeated]),
            [(2, DayFault::NeverHappens(Edge::Start)), (3, DayFault::HappensTwice(Edge::End))]
        );
        assert_eq!(faults(&[good]), []);
    }

    #[test]
    fn days_come_in_order_and_in_the_future() {
        let (first, second) = (
            day("2027-03-20T09:30:00", "2027-03-20T16:30:00"),
            day("2027-03-20T16:00:00", "2027-03-20T18:00:00"),
        );
        let past = day("2027-01-02T10:00:00", "2027-01-02T11:00:00");
        let backwards = day("2027-04-01T10:00:00", "2027-04-01T09:00:00");
        assert_eq!(faults(&[first, second]), [(2, DayFault::Overlaps)]);
        assert_eq!(faults(&[past]), [(1, DayFault::InThePast)]);
        assert_eq!(faults(&[backwards]), [(1, DayFault::EndsBeforeStart)]);
    }
}
