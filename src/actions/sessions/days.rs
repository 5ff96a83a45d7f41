//! The days of a session that moves: what they become, and what is said of it.

use chrono::{DateTime, Utc};

use crate::{
    actions::ActionContext,
    domain::{
        id::SittingId,
        plan::{Instants, PlannedSitting, SessionPlan},
        session::{DependentDates, Session},
        sitting::Sitting,
        wording,
    },
    token::row_id,
};

/// What moved with the days, for the log.
pub(super) fn dates_that_moved(session: &Session, dates: &DependentDates) -> Vec<String> {
    let (was, zone) = (session.dates(), session.zone());
    let words = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "not set".to_owned(), |at| wording::deadline(at, zone))
    };
    [
        ("Booking opens", was.booking_opens, dates.booking_opens),
        ("Booking closes", was.booking_closes, dates.booking_closes),
        ("Names can change until", was.changes_close, dates.changes_close),
    ]
    .into_iter()
    .filter(|(_, was, now)| was != now)
    .map(|(what, was, now)| format!("{what}: was {}; now {}", words(was), words(now)))
    .collect()
}

/// The session with these days.
pub(super) fn replanned(session: &Session, days: &[(u32, PlannedSitting)]) -> SessionPlan {
    let sittings = days.iter().map(|(_, day)| *day).collect();
    SessionPlan { sittings, ..SessionPlan::of(session) }
}

pub(super) fn name_of_day(session: &Session, number: u32) -> String {
    if session.sittings.len() > 1 { format!("Day {number}") } else { "When".to_owned() }
}

pub(super) fn new_sitting(
    ctx: &ActionContext,
    (number, day): (u32, PlannedSitting),
    zone: chrono_tz::Tz,
    (starts_at, ends_at): Instants,
) -> Sitting {
    let id = row_id(&*ctx.random, &*ctx.clock);
    Sitting {
        id: SittingId::new(id),
        number,
        starts: day.starts,
        ends: day.ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("{id}@{}", ctx.publisher.host),
        sequence: 0,
        created_at: ctx.now(),
        changed_at: ctx.now(),
    }
}
