//! The days of a session that moves: what they become, and what is said of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::change_session::{ChangeSessionError, NewTimes};

use crate::{
    actions::ActionContext,
    domain::{
        id::SittingId,
        plan::{Instants, PlannedSitting, SessionPlan, lay_out},
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
        place: None,
    }
}

/// All the days of a session, some of them at new times; the numbers after the last are days more.
pub(super) fn days_with(
    session: &Session,
    times: &[NewTimes],
) -> Result<Vec<(u32, PlannedSitting)>, ChangeSessionError> {
    let there = session.sittings.iter();
    let there = there.map(|one| (one.number, PlannedSitting::later(one, Duration::zero())));
    let mut days: BTreeMap<u32, PlannedSitting> = there.collect();
    for NewTimes { number, starts, ends } in times {
        let last = days.last_key_value().map_or(0, |(number, _)| *number);
        if !days.contains_key(number) && *number != last + 1 {
            return Err(ChangeSessionError::NoSuchSitting(*number));
        }
        days.insert(*number, PlannedSitting { starts: *starts, ends: *ends });
    }
    Ok(days.into_iter().collect())
}

/// What would move with the days of a session if they moved to these times, each as it is and as it would
/// be; nothing is written.
///
/// # Errors
/// [`ChangeSessionError::Days`], or that there are no such days.
pub fn would_move(
    session: &Session,
    times: &[NewTimes],
    now: DateTime<Utc>,
) -> Result<Vec<String>, ChangeSessionError> {
    let days = days_with(session, times)?;
    let instants = lay_out(&days, &session.sittings, session.zone(), Some(now));
    let instants = instants.map_err(ChangeSessionError::Days)?;
    let moved = session.sittings.iter().zip(days.iter().zip(instants));
    let moved = moved.map(|(known, ((_, day), (starts_at, ends_at)))| Sitting {
        starts: day.starts,
        ends: day.ends,
        starts_at,
        ends_at,
        ..known.clone()
    });
    let sittings: Vec<_> = moved.collect();
    Ok(dates_that_moved(session, &session.dates_with(&sittings, now)))
}
