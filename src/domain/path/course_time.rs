//! How much of a course somebody did.
//!
//! The certificate of fifty and fifty counts *learning hours*, and a course says how many it is worth when it
//! is done whole. Of a course of several days each day is worth the same share: of a two-day course of
//! twelve hours, one day is six. (Accredited courses state their hours for the whole; a certificate of
//! attendance shares them out in the same way, [`Course::learning_minutes_of`].) A course counts once: who
//! comes again learns the same. But who missed the second day and comes to the second day of another
//! session has done both, so days of sessions of as many days are put together, each day once.
//!
//! [`Course::learning_minutes_of`]: crate::domain::course::Course::learning_minutes_of

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::{
    attendance::did_course,
    id::{CourseSlug, SessionCode},
};

/// The days of one session at which somebody was seen, with a booking or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendedSession {
    /// Of which course.
    pub course: CourseSlug,
    /// What that is called.
    pub title: String,
    /// What the whole of it is worth, in minutes.
    pub worth: u32,
    /// Which session.
    pub session: SessionCode,
    /// How many days it has.
    pub days: usize,
    /// On which of them she was there, by their numbers, and when that was.
    pub came: BTreeMap<u32, NaiveDate>,
}

impl AttendedSession {
    /// The last day she was there.
    pub fn last(&self) -> Option<NaiveDate> {
        self.came.values().max().copied()
    }

    /// `1 of 2 days`.
    pub fn words(&self) -> String {
        format!("{} of {}", self.came.len(), super::super::wording::count(self.days, "day", "days"))
    }
}

/// A course that was written down as done, in a file of earlier years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDown {
    /// Which course.
    pub course: CourseSlug,
    /// What it is called.
    pub title: String,
    /// What it is worth, in minutes.
    pub worth: u32,
    /// The last day of it.
    pub on: NaiveDate,
}

/// What is known of somebody and one course, growing session by session.
#[derive(Debug, Default)]
pub(super) struct CourseTime {
    /// By how many days sessions have: which days she has been at.
    seen: BTreeMap<usize, BTreeSet<u32>>,
    /// Whether it was written down as done whole.
    whole: bool,
}

/// `part` of `of`, of so many minutes.
fn share(minutes: u32, part: usize, of: usize) -> u32 {
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let part = wide(part.min(of));
    let minutes = (u64::from(minutes).saturating_mul(part)).checked_div(wide(of)).unwrap_or(0);
    u32::try_from(minutes).unwrap_or(u32::MAX)
}

impl CourseTime {
    /// Puts the days of a session to it.
    pub(super) fn attend(&mut self, session: &AttendedSession) {
        self.seen.entry(session.days).or_default().extend(session.came.keys());
    }

    /// It was done whole.
    pub(super) fn write_down(&mut self) {
        self.whole = true;
    }

    /// What it comes to, of what the whole is worth: never more.
    pub(super) fn minutes(&self, worth: u32) -> u32 {
        if self.whole {
            return worth;
        }
        let parts = self.seen.iter().map(|(days, came)| share(worth, came.len(), *days));
        parts.max().unwrap_or(0)
    }

    /// Whether she has done it: more than half, as everywhere else.
    pub(super) fn is_done(&self) -> bool {
        self.whole || self.seen.iter().any(|(days, came)| did_course(came.len(), *days))
    }
}

/// What one session is worth by itself.
pub(super) fn minutes_of(session: &AttendedSession) -> u32 {
    share(session.worth, session.came.len(), session.days)
}
