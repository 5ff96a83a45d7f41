//! Where else to go from a session that cannot be booked: its course on other dates first, then its
//! alliance, then what is near.

use chrono::{DateTime, Utc};

use crate::{
    domain::{postcode::Nearness, session::Session},
    web::public::listed::can_book,
};

/// How many sessions each list shows.
const SHOWN: usize = 3;

/// Other sessions with places.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// Of the same course: of the same alliance first, then by nearness, then by time.
    pub same_course: Vec<Session>,
    /// Of other courses: of the same alliance, or near.
    pub close: Vec<Session>,
}

impl Elsewhere {
    /// What can be booked of `all` instead of `session`.
    pub fn than(session: &Session, all: Vec<Session>, now: DateTime<Utc>) -> Self {
        let here = session.location.outward();
        let nearness = |other: &Session| match (&here, other.location.outward()) {
            (Some(here), Some(there)) => here.nearness(&there),
            // A call is as near as the one that cannot be booked, if that is a call.
            (None, None) => Nearness::Here,
            _ => Nearness::Unknown,
        };
        let of_others = |other: &Session| other.alliance.slug != session.alliance.slug;
        let is_other = |other: &Session| other.code != session.code && can_book(other, now);
        let all = all.into_iter().filter(is_other);
        let (mut same_course, mut close): (Vec<_>, Vec<_>) =
            all.partition(|other| other.course.slug == session.course.slug);
        // Sorting is stable, and all are in order of time.
        same_course.sort_by_key(|other| (of_others(other), nearness(other)));
        close.retain(|other| !of_others(other) || nearness(other) <= Nearness::Region);
        close.sort_by_key(|other| (of_others(other), nearness(other)));
        same_course.truncate(SHOWN);
        close.truncate(SHOWN);
        Self { same_course, close }
    }
}
