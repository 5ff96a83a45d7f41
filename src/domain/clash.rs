//! Trainers who would have to be in two places at once, and venues that would have to hold two sessions, or
//! more people than they do.

use chrono::{DateTime, Utc};

use super::{
    id::{SessionCode, VenueId},
    session::{Publication, Session},
    sitting::Sitting,
    venue::Venue,
};

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

/// Sessions that are in the way of another: not itself, and not called off.
fn held<'a>(
    code: Option<&'a SessionCode>,
    all: &'a [Session],
) -> impl Iterator<Item = &'a Session> {
    all.iter().filter(move |one| {
        Some(&one.code) != code && !matches!(one.publication, Publication::Cancelled { .. })
    })
}

/// The trainers of `session` who lead another of `others` at the same time.
pub fn clashes(session: &Session, others: &[Session]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for other in held(Some(&session.code), others) {
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

/// When which venue would be used, and by how many people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueUse {
    /// The session, if it is there already: it is in nobody's way.
    pub session: Option<SessionCode>,
    /// Each day's venue, and its first and last moment.
    pub days: Vec<(VenueId, DateTime<Utc>, DateTime<Utc>)>,
    /// How many people can come.
    pub places: u32,
}

impl VenueUse {
    /// How a session uses venues.
    pub fn of(session: &Session) -> Self {
        let day =
            |day: &Sitting| Some((session.venue_of(day)?.clone(), day.starts_at, day.ends_at));
        Self {
            session: Some(session.code.clone()),
            days: session.sittings.iter().filter_map(day).collect(),
            places: session.occupancy.capacity,
        }
    }

    fn meets(&self, venue: &VenueId, day: &Sitting) -> bool {
        let is_then = |(own, starts, ends): &(VenueId, DateTime<Utc>, DateTime<Utc>)| {
            own == venue && *starts < day.ends_at && day.starts_at < *ends
        };
        self.days.iter().any(is_then)
    }
}

/// What is asked before a session is held at a venue. Two sessions may have a room each, and somebody may
/// know of more chairs, so it is a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VenueQuestion {
    /// Another session is there at that time.
    Taken {
        /// The building.
        venue: String,
        /// Which session.
        code: SessionCode,
        /// What is taught.
        title: String,
        /// The day on which it is there.
        sitting: Box<Sitting>,
    },
    /// It holds fewer people than can come.
    TooSmall {
        /// The building.
        venue: String,
        /// How many people it holds.
        holds: u32,
        /// How many can come.
        places: u32,
    },
}

/// Whether a day is held at a venue: by its number, or by the same words where it is at none of the list.
fn is_there(session: &Session, day: &Sitting, venue: &Venue) -> bool {
    match session.venue_of(day) {
        Some(id) => *id == venue.id,
        None => venue.is(&session.location_on(day)),
    }
}

/// What is to be asked before venues are used so, among the sessions to come.
pub fn venue_questions(
    used: &VenueUse,
    venues: &[Venue],
    others: &[Session],
) -> Vec<VenueQuestion> {
    let mut questions = Vec::new();
    for venue in venues.iter().filter(|one| used.days.iter().any(|day| day.0 == one.id)) {
        for other in held(used.session.as_ref(), others) {
            let there = other
                .sittings
                .iter()
                .find(|day| is_there(other, day, venue) && used.meets(&venue.id, day));
            questions.extend(there.map(|sitting| VenueQuestion::Taken {
                venue: venue.name.clone(),
                code: other.code.clone(),
                title: other.course.title.clone(),
                sitting: Box::new(sitting.clone()),
            }));
        }
        if let Some(holds) = venue.capacity.filter(|holds| *holds < used.places) {
            let (venue, places) = (venue.name.clone(), used.places);
            questions.push(VenueQuestion::TooSmall { venue, holds, places });
        }
    }
    questions
}

#[cfg(test)]
mod tests;
