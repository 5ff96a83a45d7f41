//! The same evening every week, told once with its dates.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{
    id::SeriesId,
    session::{BookingStatus, Publication, Session},
    vocabulary::words,
};

/// What of a series can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Bookable {
    /// All of its evenings, or some, or one.
    #[default]
    Any,
    /// All that are still to come, and nothing less.
    Whole,
}

words!(Bookable { Any => "any", Whole => "whole" });

/// The series that a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InSeries {
    /// Which.
    pub id: SeriesId,
    /// What of it can be booked.
    pub bookable: Bookable,
}

/// What becomes of a booking of several evenings where one of them is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IfFull {
    /// Nothing is booked.
    #[default]
    Every,
    /// What has room is booked, and for the rest they wait.
    Room,
}

words!(IfFull { Every => "every", Room => "room" });

/// A series with its sessions, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its short name in addresses.
    pub id: SeriesId,
    /// What it is called, if not as its course.
    pub title: Option<String>,
    /// What of it can be booked.
    pub bookable: Bookable,
    /// Its sessions, whatever their publication.
    pub sessions: Vec<Session>,
}

impl Series {
    /// What people see of it: what the lists show; where they show nothing of it, what has a page.
    pub fn seen(&self) -> Vec<&Session> {
        let listed: Vec<_> = self.sessions.iter().filter(|one| one.is_listed()).collect();
        if !listed.is_empty() {
            return listed;
        }
        self.sessions.iter().filter(|one| one.has_page()).collect()
    }

    /// Which of its evenings can be booked together at `now`. Whoever must book the whole books also what would
    /// open later, once any of it is open; whoever comes late books what is left.
    pub fn offered(&self, now: DateTime<Utc>) -> Vec<&Session> {
        let is_open =
            |one: &&Session| matches!(one.booking_status(now), BookingStatus::Open { .. });
        let seen = self.seen();
        let begins = self.bookable == Bookable::Whole && seen.iter().any(is_open);
        let opens_later = |one: &&Session| {
            begins && matches!(one.booking_status(now), BookingStatus::NotYetOpen { .. })
        };
        seen.into_iter().filter(|one| is_open(one) || opens_later(one)).collect()
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        let course = self.sessions.first().map_or("", |one| one.course.title.as_str());
        self.title.as_deref().unwrap_or(course)
    }
}

/// The fewest dates that are told as a series.
const FEWEST: usize = 3;

/// The longest a series rests, in days: a week is left out for a holiday.
const LONGEST_REST: i64 = 14;

/// What one row of a list tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRow<'a> {
    /// One session.
    Once(&'a Session),
    /// Sessions that differ in nothing but their week, in order of time; at least three.
    Weekly(Vec<&'a Session>),
}

impl<'a> ListRow<'a> {
    /// The first session that is told of.
    pub fn first(&self) -> Option<&'a Session> {
        match self {
            Self::Once(session) => Some(session),
            Self::Weekly(sessions) => sessions.first().copied(),
        }
    }
}

/// The day of a session that has one only and is open to all.
fn only_day(session: &Session) -> Option<NaiveDate> {
    match session.sittings.as_slice() {
        [only] if session.publication == Publication::Published => Some(only.starts.date()),
        _ => None,
    }
}

/// Whether two sessions differ in nothing that a list shows but their week.
fn is_alike(one: &Session, other: &Session) -> bool {
    let times = |session: &Session| {
        let only = session.sittings.first();
        only.map(|day| (day.starts.weekday(), day.starts.time(), day.ends.time(), day.zone))
    };
    one.course.slug == other.course.slug
        && one.alliance.slug == other.alliance.slug
        && one.location == other.location
        && one.mode == other.mode
        && times(one) == times(other)
}

/// What a list of sessions in order of time tells, row by row; a series stands where its first date would.
pub fn told<'a>(sessions: &[&'a Session]) -> Vec<ListRow<'a>> {
    let mut series: Vec<Vec<&Session>> = Vec::new();
    for session in sessions {
        let follows = |known: &&mut Vec<&Session>| {
            let (last, day) = (known.last().copied(), only_day(session));
            let Some((last, (before, day))) =
                last.and_then(|last| Some((last, only_day(last).zip(day)?)))
            else {
                return false;
            };
            let rest = (day - before).num_days();
            (1..=LONGEST_REST).contains(&rest) && is_alike(last, session)
        };
        match series.iter_mut().find(follows) {
            Some(known) => known.push(session),
            None => series.push(vec![session]),
        }
    }
    let is_series = |one: &Vec<&Session>| one.len() >= FEWEST;
    let row = |session: &&'a Session| {
        let within = series.iter().filter(|one| is_series(one));
        let mut within = within.filter(|one| one.iter().any(|other| other.code == session.code));
        match within.next() {
            Some(one) if one[0].code == session.code => Some(ListRow::Weekly(one.clone())),
            Some(_) => None,
            None => Some(ListRow::Once(session)),
        }
    };
    sessions.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests;
