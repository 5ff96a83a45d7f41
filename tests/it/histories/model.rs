//! What should be true, in so few words that it can be read in a minute.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;
use turnout::domain::reply::PartStat;

/// A day of the session: two hours from here.
pub type Start = DateTime<Utc>;

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
    /// What her calendar said last, by the invite it answered.
    pub said: BTreeMap<String, PartStat>,
}

/// A seat of a booking.
#[derive(Debug, Clone)]
pub struct Seat {
    pub booking: usize,
    pub number: usize,
    pub person: Person,
    pub is_confirmed: bool,
    /// When it comes free, because her calendar said no to every day to come.
    pub release: Option<DateTime<Utc>>,
}

impl Seat {
    /// The invites that a calendar threw away with the place.
    pub fn thrown_away(&self) -> BTreeSet<String> {
        let said = self.person.said.iter().filter(|_| !self.is_confirmed);
        let no = said.filter(|(_, answer)| **answer == PartStat::Declined);
        no.map(|(uid, _)| uid.clone()).collect()
    }

    /// Whether somebody was seen on it, as far as the server knows.
    pub fn was_here(&self) -> bool {
        self.person.seen.values().any(|(_, here)| *here)
    }
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
    /// Where it takes place.
    pub zone: Tz,
}

impl Model {
    /// The wall time of a moment, where the session is: its days stand by it.
    pub fn wall(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    /// The moment of a wall time. No day of a history is in the hour that the clocks skip.
    pub fn moment(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        let at = wall.and_local_timezone(self.zone).latest();
        at.expect("a time that is there").with_timezone(&Utc)
    }

    /// Whether whoever could keep a place, or take it, is asleep.
    pub fn is_night(&self, at: DateTime<Utc>) -> bool {
        !(8..21).contains(&self.wall(at).hour())
    }

    /// When each day to come starts.
    pub fn to_come(&self) -> impl Iterator<Item = Start> {
        self.days.values().copied().filter(|start| *start > self.now)
    }

    /// When a place comes free whose calendar said no just now: half an hour later, or in the morning;
    /// never, if the next day has begun by then.
    pub fn release_at(&self) -> Option<DateTime<Utc>> {
        let starts = self.to_come().min()?;
        let mut at = (self.now + Duration::minutes(30)).min(starts);
        if self.is_night(at) {
            let mut morning = self.wall(at).date().and_hms_opt(8, 0, 0)?;
            if self.moment(morning) <= at {
                morning += Duration::days(1);
            }
            at = self.moment(morning);
            return (at < starts).then_some(at);
        }
        at = at.min(starts);
        Some(at)
    }

    /// Whatever was declined for long enough comes free, by day.
    pub fn let_go(&mut self) {
        let (now, is_over, is_night) = (self.now, self.is_over(), self.is_night(self.now));
        let due = |seat: &&mut Seat| seat.release.is_some_and(|at| at <= now) && !is_night;
        for seat in self.seats.iter_mut().filter(due) {
            seat.release = None;
            seat.is_confirmed &= is_over || seat.was_here();
        }
    }

    /// Whether nothing of it has begun, so that everything about it can still change.
    pub fn is_ahead(&self) -> bool {
        !self.is_cancelled && self.days.values().all(|start| self.now < *start)
    }

    pub fn is_over(&self) -> bool {
        let end = self.days.values().max().map(|start| *start + Duration::hours(2));
        self.is_cancelled || end.is_none_or(|end| end <= self.now)
    }

    /// Whether what people need is kept still: for thirty days after the last day.
    pub fn remembers_needs(&self) -> bool {
        let end = self.days.values().max().map(|start| *start + Duration::hours(2));
        end.is_some_and(|end| self.now < end + Duration::days(30))
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
