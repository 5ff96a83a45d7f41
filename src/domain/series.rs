//! The same evening every week, told once with its dates.

use chrono::{Datelike, NaiveDate};

use super::session::{Publication, Session};

/// The fewest dates that are told as a series.
const FEWEST: usize = 3;

/// The longest a series rests, in days: a week is left out for a holiday.
const LONGEST_REST: i64 = 14;

/// What one row of a list tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<'a> {
    /// One session.
    Once(&'a Session),
    /// Sessions that differ in nothing but their week, in order of time; at least three.
    Weekly(Vec<&'a Session>),
}

impl<'a> Told<'a> {
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
pub fn told<'a>(sessions: &[&'a Session]) -> Vec<Told<'a>> {
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
            Some(one) if one[0].code == session.code => Some(Told::Weekly(one.clone())),
            Some(_) => None,
            None => Some(Told::Once(session)),
        }
    };
    sessions.iter().filter_map(row).collect()
}
