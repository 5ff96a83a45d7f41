//! Who is on a path, and how far.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    super::{
        certificate_number::CertificateNumber,
        id::{CourseSlug, OnPathId, PathSlug, PersonId},
    },
    PathCourse, PathRules, Tally, months_before,
};

/// That the path is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// When the certificate was granted.
    pub at: DateTime<Utc>,
    /// Its number.
    pub number: CertificateNumber,
}

/// Somebody on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPath {
    /// Which.
    pub id: OnPathId,
    /// Which path.
    pub path: PathSlug,
    /// Which version of it.
    pub version: u32,
    /// Who.
    pub person: PersonId,
    /// Since which day.
    pub since: NaiveDate,
    /// When she was taken off, and why.
    pub ended: Option<(DateTime<Utc>, Option<String>)>,
    /// When she finished it.
    pub finished: Option<Finished>,
}

impl OnPath {
    /// Whether she is on it: not taken off.
    pub fn is_on(&self) -> bool {
        self.ended.is_none()
    }
}

/// How far somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStanding {
    /// Whether the certificate was granted.
    pub is_finished: bool,
    /// Whether everything is there and the certificate can be granted.
    pub is_reached: bool,
    /// The required courses she has not done, in the order of the path.
    pub missing: Vec<PathCourse>,
    /// The course she is short of, if it is one.
    pub one_short: Option<PathCourse>,
    /// Whether she has stopped coming.
    pub has_stopped: bool,
    /// The last day on which anything is known of her; the day she joined where there is nothing.
    pub last: NaiveDate,
}

impl PathStanding {
    /// Where somebody on a path stands on a day.
    pub fn of(
        (rules, quiet_months): (&PathRules, u32),
        (on, tally): (&OnPath, &Tally),
        today: NaiveDate,
    ) -> Self {
        let is_missing = |one: &&PathCourse| !tally.done.contains(&one.slug);
        let missing: Vec<PathCourse> = rules.required().filter(is_missing).cloned().collect();
        let has_hours = tally.training >= rules.training.0 && tally.action >= rules.action.0;
        let is_finished = on.finished.is_some();
        let last = tally.last.map_or(on.since, |day| day.max(on.since));
        let one_short = match missing.as_slice() {
            [only] if !is_finished => Some(only.clone()),
            _ => None,
        };
        Self {
            is_finished,
            is_reached: !is_finished && has_hours && missing.is_empty(),
            missing,
            one_short,
            has_stopped: !is_finished && on.is_on() && last < months_before(today, quiet_months),
            last,
        }
    }

    /// In a few words.
    pub fn words(&self) -> String {
        match self {
            Self { is_finished: true, .. } => "Finished".to_owned(),
            Self { is_reached: true, .. } => "Everything is there".to_owned(),
            Self { one_short: Some(course), .. } => format!("One course short: {}", course.title),
            Self { has_stopped: true, .. } => "Has stopped coming".to_owned(),
            _ => "On the way".to_owned(),
        }
    }
}

impl PathRules {
    /// The courses she still needs: those required that are not done; where none is left and hours are, the
    /// others that count and are not done. In the order of the path.
    pub fn still_needed(&self, tally: &Tally) -> Vec<&PathCourse> {
        let is_open = |one: &&PathCourse| !tally.done.contains(&one.slug);
        let required: Vec<_> = self.required().filter(is_open).collect();
        if !required.is_empty() || tally.training >= self.training.0 {
            return required;
        }
        self.courses.iter().filter(is_open).collect()
    }

    /// Which required course stands before another in the order of the path and is not done.
    pub fn first_before(&self, course: &CourseSlug, tally: &Tally) -> Option<&PathCourse> {
        if !self.in_order {
            return None;
        }
        let before = self.courses.iter().take_while(|one| one.slug != *course);
        before.filter(|one| one.is_required).find(|one| !tally.done.contains(&one.slug))
    }
}
