//! What should be true, in so few words that it can be read in a minute.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use chrono_tz::Europe::London;

/// A day of the session: two hours from here.
pub type Start = DateTime<Utc>;

/// The wall time in London at a moment: the days stand by it.
pub fn in_london(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&London).naive_local()
}

/// The moment of a wall time in London. No day of a history is in the hour that the clocks skip.
pub fn moment(wall: NaiveDateTime) -> DateTime<Utc> {
    let at = wall.and_local_timezone(London).earliest();
    at.expect("an evening").with_timezone(&Utc)
}

/// A person who has, or had, a seat.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub email: String,
    /// What she eats; hers, not the seat's.
    pub diet: String,
    /// Whether she was seen at each day by a phone, and when it saw so last.
    pub seen: BTreeMap<u32, (DateTime<Utc>, bool)>,
    /// Since when the seat is hers.
    pub since: DateTime<Utc>,
}

/// A seat of a booking.
#[derive(Debug, Clone)]
pub struct Seat {
    pub booking: usize,
    pub number: usize,
    pub person: Person,
    pub is_confirmed: bool,
}

/// What an organiser can write on a session that nobody is told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub note: String,
    pub access: String,
    pub per_booking: String,
}

/// The session and whoever comes.
#[derive(Debug)]
pub struct Model {
    pub now: DateTime<Utc>,
    pub days: BTreeMap<u32, Start>,
    pub is_cancelled: bool,
    pub facts: Facts,
    pub seats: Vec<Seat>,
}

impl Model {
    /// Whether nothing of it has begun, so that everything about it can still change.
    pub fn is_ahead(&self) -> bool {
        !self.is_cancelled && self.days.values().all(|start| self.now < *start)
    }

    pub fn is_over(&self) -> bool {
        let end = self.days.values().max().map(|start| *start + Duration::hours(2));
        self.is_cancelled || end.is_none_or(|end| end <= self.now)
    }

    /// What the calendar of an address shows of the days to come (C7).
    pub fn ahead(&self, address: &str) -> Vec<Start> {
        let seats = self.seats.iter().filter(|seat| seat.is_confirmed && !self.is_cancelled);
        let hers = seats.filter(|seat| seat.person.email == address);
        let days = hers.flat_map(|_| self.days.values().copied());
        let mut starts: Vec<_> = days.filter(|start| *start > self.now).collect();
        starts.sort();
        starts
    }

    /// Whoever is here on a day, by booking and number.
    pub fn here(&self, day: u32) -> Vec<(usize, usize)> {
        let here = self.seats.iter().filter(|seat| {
            seat.is_confirmed && seat.person.seen.get(&day).is_some_and(|(_, here)| *here)
        });
        here.map(|seat| (seat.booking, seat.number)).collect()
    }

    /// A phone saw this person at a day: of two looks the later wins (D1).
    pub fn see(person: &mut Person, day: u32, at: DateTime<Utc>, here: bool) {
        let known = person.seen.entry(day).or_insert((at, here));
        if at >= known.0 {
            *known = (at, here);
        }
    }

    /// Saves what an organiser changed in a form that was drawn from `drawn` (V1): whether it was
    /// saved, which it is unless both changed the same field to different words.
    pub fn save(&mut self, drawn: &Facts, sent: &Facts) -> bool {
        let mut merged = self.facts.clone();
        let pick: [fn(&mut Facts) -> &mut String; 3] =
            [|facts| &mut facts.note, |facts| &mut facts.access, |facts| &mut facts.per_booking];
        let (mut drawn, mut sent) = (drawn.clone(), sent.clone());
        for field in pick {
            let (drawn, sent, now) = (field(&mut drawn), field(&mut sent), field(&mut merged));
            if drawn == sent || now == sent {
                continue;
            }
            if now != drawn {
                return false;
            }
            now.clone_from(sent);
        }
        self.facts = merged;
        true
    }
}
