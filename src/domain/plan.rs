//! A session as an organiser plans it, and what is wrong with a plan.

use std::fmt;

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{
    admission::Admission,
    aims::Aims,
    id::{AllianceSlug, CourseSlug, SessionCode, StaffLogin, VenueId},
    location::Location,
    page_words::SessionWords,
    reply::OnDecline,
    session::{BookingMode, Session},
    sitting::{DayPlace, Sitting},
    stay::Overnight,
};

/// The most days a session has.
pub const MOST_DAYS: usize = 40;

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
    /// Who may find it.
    pub admission: Admission,
    /// Who leads it, in order.
    pub trainers: Vec<StaffLogin>,
    /// Something everybody should know.
    pub note: Option<String>,
    /// What its page says for whoever thinks of coming.
    pub words: SessionWords,
    /// What it needs and hopes for.
    pub aims: Aims,
    /// Whether people stay overnight.
    pub overnight: Overnight,
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
    /// The venue on the office's list, if it is one.
    pub venue: Option<VenueId>,
    /// How many places; the course's usual number if `None`.
    pub capacity: Option<u32>,
    /// One or more, in order of time.
    pub sittings: Vec<PlannedSitting>,
    /// Where each of them is held, if not where the session is; days at the end may be missing.
    pub day_places: Vec<Option<DayPlace>>,
    /// What can be changed later without telling anybody.
    pub details: SessionDetails,
    /// The session this is a copy of, whose settings it takes over where a plan does not name them.
    pub like: Option<SessionCode>,
    /// What becomes of a place whose attendee's calendar says no, where a new session says so; else as the
    /// session it is a copy of, or as its alliance usually does.
    pub on_decline: Option<OnDecline>,
}

impl SessionPlan {
    /// The plan of a session that is there.
    pub fn of(session: &Session) -> Self {
        let day = |sitting: &Sitting| PlannedSitting { starts: sitting.starts, ends: sitting.ends };
        Self {
            course: session.course.slug.clone(),
            alliance: session.alliance.slug.clone(),
            location: session.location.clone(),
            venue: session.venue.clone(),
            capacity: Some(session.occupancy.capacity),
            sittings: session.sittings.iter().map(day).collect(),
            day_places: session.sittings.iter().map(|one| one.place.clone()).collect(),
            like: None,
            on_decline: None,
            details: SessionDetails {
                access: session.access.clone(),
                places_per_institution: session.places_per_institution,
                places_per_booking: session.places_per_booking,
                mode: session.mode,
                booking_opens: session.booking_opens,
                booking_closes: session.booking_closes,
                waiting_list: session.waiting_list,
                admission: session.admission,
                trainers: session.trainers.iter().map(|one| one.login.clone()).collect(),
                note: session.note.clone(),
                words: session.words.clone(),
                aims: session.aims.clone(),
                overnight: session.overnight.clone(),
            },
        }
    }
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
    #[error("this time does not exist: the clocks go forward over it")]
    NeverHappens(Edge),
    /// The clocks go back over this time, so it happens twice.
    #[error("this time happens twice: the clocks go back over it")]
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
    /// There are so many days already.
    #[error("a session has at most {MOST_DAYS} days")]
    TooMany,
}

/// A fault with the number of the day it is about, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberedFault {
    /// The day, counted from 1.
    pub number: u32,
    /// What is wrong with it.
    pub fault: DayFault,
}

impl fmt::Display for NumberedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "day {}: {}", self.number, self.fault)
    }
}

/// All faults of a plan on one line, for whoever has no form to show them in.
pub fn faults_in_words(faults: &[NumberedFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// When a day starts and ends.
pub type Instants = (DateTime<Utc>, DateTime<Utc>);

/// The longest a day lasts that is typed as a date and two times, in hours: an end that is earlier than the
/// start is on the next day, unless it would be further away than this. Then somebody mistyped it.
const LONGEST_NIGHT: i64 = 16;

impl PlannedSitting {
    /// A day as people say it: a date, and when it starts and ends by the clock. Over midnight it ends
    /// on the day after.
    pub fn on(date: NaiveDate, starts: NaiveTime, ends: NaiveTime) -> Self {
        let (starts, same_day) = (date.and_time(starts), date.and_time(ends));
        let next_day = same_day + Duration::days(1);
        let is_night = same_day < starts && next_day - starts <= Duration::hours(LONGEST_NIGHT);
        Self { starts, ends: if is_night { next_day } else { same_day } }
    }

    /// The same day so much later, by the clock on the wall.
    #[must_use]
    pub fn later(sitting: &Sitting, by: Duration) -> Self {
        Self { starts: sitting.starts + by, ends: sitting.ends + by }
    }

    fn is(&self, sitting: &Sitting) -> bool {
        (self.starts, self.ends) == (sitting.starts, sitting.ends)
    }
}

/// The instants of the days of a plan in `zone`, all of them after `now`.
///
/// # Errors
/// Everything that is wrong, day by day.
pub fn instants_of(
    days: &[PlannedSitting],
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Vec<Instants>, Vec<NumberedFault>> {
    let days: Vec<_> = (1..).zip(days.iter().copied()).collect();
    lay_out(&days, &[], zone, Some(now))
}

/// The instants of all the days of a session, by their numbers, in `zone`. This is the one place that says
/// which days make a session: each ends after it starts, at times that happen once, and no day starts before
/// those before it have ended. A day that stays as one of `known` keeps its instants, though it may be over;
/// any other starts after `now`, where that is given.
///
/// # Errors
/// Everything that is wrong, day by day.
pub fn lay_out(
    days: &[(u32, PlannedSitting)],
    known: &[Sitting],
    zone: Tz,
    now: Option<DateTime<Utc>>,
) -> Result<Vec<Instants>, Vec<NumberedFault>> {
    let (mut instants, mut faults) = (Vec::with_capacity(days.len()), Vec::new());
    // When the days before have ended, and whether the last of them stays as it is.
    let mut before: Option<(DateTime<Utc>, bool)> = None;
    for (at, (number, day)) in days.iter().enumerate() {
        let stays = known.iter().find(|one| one.number == *number && day.is(one));
        let times = match stays {
            Some(sitting) => Ok((sitting.starts_at, sitting.ends_at)),
            None => instants_of_day(day, zone),
        };
        let mut fault = |fault| faults.push(NumberedFault { number: *number, fault });
        match times {
            Ok((starts, ends)) => {
                let overlaps = before
                    .is_some_and(|(free, stayed)| starts < free && !(stayed && stays.is_some()));
                if stays.is_none() && at >= MOST_DAYS {
                    fault(DayFault::TooMany);
                } else if stays.is_none() && now.is_some_and(|now| starts <= now) {
                    fault(DayFault::InThePast);
                } else if overlaps {
                    fault(DayFault::Overlaps);
                }
                if before.is_none_or(|(free, _)| free < ends) {
                    before = Some((ends, stays.is_some()));
                }
                instants.push((starts, ends));
            }
            Err(wrong) => fault(wrong),
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

#[cfg(test)]
mod tests;
