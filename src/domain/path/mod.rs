//! A path: courses and actions that somebody goes through, and the hours that make a certificate of it.
//!
//! What counts is said by a *version* of the path. One that is published is never changed: who began under
//! fifty hours is not asked for sixty. A change makes the next version, and people are moved one by one.

mod course_time;
mod hours;
mod on_path;
mod record;
mod tally;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

pub use course_time::{AttendedSession, WrittenDown};
pub use hours::{Hours, NoHours, typed_hours};
pub use on_path::{Finished, OnPath, PathStanding};
pub use record::{PathRecord, RecordKind, RecordState, RecordedBy};
pub use tally::{Counted, Learning, Tally, What, WhyNot, tally};

use super::id::{AllianceSlug, CourseSlug, PathSlug};

/// A course of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathCourse {
    /// Which.
    pub slug: CourseSlug,
    /// What it is called.
    pub title: String,
    /// Whether the path is not finished without it.
    pub is_required: bool,
}

/// What counts on a path, and how much is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathRules {
    /// How much training is needed.
    pub training: Hours,
    /// How much action is needed.
    pub action: Hours,
    /// The courses that count, in the order of the path.
    pub courses: Vec<PathCourse>,
    /// Whether the required ones are meant to be done in that order.
    pub in_order: bool,
    /// Whether a course that is done again counts again.
    pub repeats: bool,
    /// The kinds of action that count; all where there is none.
    pub actions: Vec<String>,
}

impl PathRules {
    /// The courses it is not finished without.
    pub fn required(&self) -> impl Iterator<Item = &PathCourse> {
        self.courses.iter().filter(|one| one.is_required)
    }

    /// Whether a course counts.
    pub fn counts(&self, course: &CourseSlug) -> bool {
        self.courses.iter().any(|one| one.slug == *course)
    }
}

/// A path as it is edited: what is said of it, and what counts from the next version on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Its short name in addresses.
    pub slug: PathSlug,
    /// What it is called.
    pub name: String,
    /// What it is for, for whoever is on it.
    pub about: Option<String>,
    /// Whose it is; all alliances' where there is none.
    pub alliance: Option<AllianceSlug>,
    /// After how many months without anything somebody has stopped coming.
    pub quiet_months: u32,
    /// What counts in its latest version.
    pub rules: PathRules,
}

/// A version of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathVersion {
    /// From 1.
    pub number: u32,
    /// Since when nobody changes it; `None` while it is a draft.
    pub published_at: Option<DateTime<Utc>>,
    /// What counts in it.
    pub rules: PathRules,
}

impl PathVersion {
    /// The version that a change of the rules makes: of a draft, the same; of one that is published, the next.
    pub fn changed(&self, rules: PathRules, now: DateTime<Utc>) -> Self {
        match self.published_at {
            None => Self { rules, ..self.clone() },
            Some(_) => Self { number: self.number + 1, published_at: Some(now), rules },
        }
    }
}

/// A day so many months before another; the last of the month where it has fewer days.
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(chrono::Months::new(months)).unwrap_or(NaiveDate::MIN)
}
