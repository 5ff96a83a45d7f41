//! What the public sees, in parts, and when each part last changed.
//!
//! A look at the database gives a few numbers for each session to come. Compared with the look before,
//! they say which sessions changed, and whether it was what they are or only how full they are. Each
//! change gets the next *tick*; whatever was drawn at a tick is good until its parts have a later one.

use std::collections::HashMap;

use crate::domain::id::{AllianceSlug, CourseSlug, SessionCode};

/// What part of the catalogue an answer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// All of it.
    Everything,
    /// The sessions of one alliance.
    Alliance(AllianceSlug),
    /// The sessions of one course.
    Course(CourseSlug),
    /// One session.
    Session(SessionCode),
}

/// What an answer depends on. All depend on the names of alliances, courses and trainers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Of what it shows days, places, words, and so on.
    pub facts: Vec<Matter>,
    /// Of what it shows how full it is.
    pub places: Vec<Matter>,
}

impl Concern {
    /// What these are, and not how full.
    pub fn facts(of: Matter) -> Self {
        Self { facts: vec![of], places: vec![] }
    }

    /// What these are, and how full.
    pub fn all(of: Vec<Matter>) -> Self {
        Self { facts: of.clone(), places: of }
    }
}

/// When what an answer depends on last changed. Equal stamps of one [`Concern`] mean that it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// The latest tick of its parts.
    Tick(u64),
    /// A look of the database: something is not among what is watched, such as a session that was over
    /// long ago, so that any change may be one of it.
    Look(u64),
}

/// When a part last changed.
#[derive(Debug, Clone, Copy, Default)]
struct Changed {
    facts: u64,
    places: u64,
}

row! {
    /// A session as a look sees it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(super) struct Seen {
        pub(super) code: String,
        pub(super) course: String,
        pub(super) alliance: String,
        /// Rises with whatever the public sees of it but how full it is.
        pub(super) seen_version: i32,
        pub(super) occupied: i32,
        pub(super) waiting: i64,
    }
}

/// The parts of what the public sees, as the latest look found them.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// How many looks there were.
    looks: u64,
    /// The latest tick.
    tick: u64,
    /// Rises with the names of alliances, courses and trainers; with its tick.
    names: (i64, u64),
    everything: Changed,
    alliances: HashMap<String, Changed>,
    courses: HashMap<String, Changed>,
    sessions: HashMap<String, (Seen, Changed)>,
}

impl Changes {
    /// What is known after a look that found these names and these sessions.
    pub(super) fn after(&self, names: i64, sessions: Vec<Seen>) -> Self {
        let mut next = Self { looks: self.looks + 1, ..self.clone() };
        let tick = self.tick + 1;
        if names != next.names.0 || self.looks == 0 {
            next.names = (names, tick);
            next.tick = tick;
        }
        let mut gone = std::mem::take(&mut next.sessions);
        for seen in sessions {
            let before = gone.remove(&seen.code);
            let changed = next.compare(before.as_ref(), &seen, tick);
            next.sessions.insert(seen.code.clone(), (seen, changed));
        }
        for (seen, _) in gone.into_values() {
            next.mark(&seen, tick, true);
        }
        next
    }

    fn compare(&mut self, before: Option<&(Seen, Changed)>, now: &Seen, tick: u64) -> Changed {
        let Some((was, mut changed)) = before.cloned() else {
            self.mark(now, tick, true);
            return Changed { facts: tick, places: tick };
        };
        let full = |seen: &Seen| (seen.occupied, seen.waiting);
        if was.seen_version != now.seen_version {
            // It may have left an alliance or a course.
            self.mark(&was, tick, true);
            self.mark(now, tick, true);
            changed.facts = tick;
        }
        if full(&was) != full(now) {
            self.mark(now, tick, false);
            changed.places = tick;
        }
        changed
    }

    /// Notes that a session, and so the groups it is in, changed.
    fn mark(&mut self, seen: &Seen, tick: u64, facts: bool) {
        self.tick = tick;
        let alliance = self.alliances.entry(seen.alliance.clone()).or_default();
        let course = self.courses.entry(seen.course.clone()).or_default();
        for group in [&mut self.everything, alliance, course] {
            group.places = tick;
            if facts {
                group.facts = tick;
            }
        }
    }

    /// When what `concern` names last changed.
    pub fn stamp(&self, concern: &Concern) -> Stamp {
        let facts = concern.facts.iter().map(|of| self.changed(of).map(|changed| changed.facts));
        let places = concern.places.iter().map(|of| self.changed(of).map(|changed| changed.places));
        let latest =
            facts.chain(places).try_fold(self.names.1, |latest, tick| Some(latest.max(tick?)));
        latest.map_or(Stamp::Look(self.looks), Stamp::Tick)
    }

    /// When a part last changed; `None` if it is not watched.
    fn changed(&self, matter: &Matter) -> Option<Changed> {
        match matter {
            Matter::Everything => Some(self.everything),
            // Of one without sessions nothing changed yet.
            Matter::Alliance(slug) => {
                Some(self.alliances.get(slug.as_str()).copied().unwrap_or_default())
            }
            Matter::Course(slug) => {
                Some(self.courses.get(slug.as_str()).copied().unwrap_or_default())
            }
            Matter::Session(code) => self.sessions.get(code.as_str()).map(|(_, changed)| *changed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(code: &str, alliance: &str, seen_version: i32, occupied: i32) -> Seen {
        let (code, alliance) = (code.to_owned(), alliance.to_owned());
        Seen { code, course: "first".to_owned(), alliance, seen_version, occupied, waiting: 0 }
    }

    fn of(facts: Matter, places: bool) -> Concern {
        if places { Concern::all(vec![facts]) } else { Concern::facts(facts) }
    }

    fn session(code: &str) -> Matter {
        Matter::Session(code.parse().expect("a code"))
    }

    fn alliance(slug: &str) -> Matter {
        Matter::Alliance(slug.parse().expect("a slug"))
    }

    fn same(before: &Changes, after: &Changes, matter: &Matter, places: bool) -> bool {
        let concern = of(matter.clone(), places);
        before.stamp(&concern) == after.stamp(&concern)
    }

    #[test]
    fn a_booking_concerns_how_full_its_session_is_and_nothing_else() {
        let first = Changes::default().after(3, vec![seen("A", "x", 0, 0), seen("B", "y", 0, 0)]);
        let again = first.after(3, vec![seen("A", "x", 0, 0), seen("B", "y", 0, 0)]);
        let booked = again.after(3, vec![seen("A", "x", 0, 1), seen("B", "y", 0, 0)]);
        for matter in [Matter::Everything, session("A"), session("B"), alliance("x")] {
            assert!(same(&first, &again, &matter, true), "{matter:?}");
            assert!(same(&again, &booked, &matter, false), "{matter:?}");
        }
        for matter in [Matter::Everything, session("A"), alliance("x")] {
            assert!(!same(&again, &booked, &matter, true), "{matter:?}");
        }
        assert!(
            same(&again, &booked, &session("B"), true)
                && same(&again, &booked, &alliance("y"), true)
        );
    }

    #[test]
    fn a_session_that_moves_comes_or_goes_changes_the_groups_it_left_and_joined() {
        let first = Changes::default().after(3, vec![seen("A", "x", 0, 0), seen("B", "z", 0, 0)]);
        let moved = first.after(3, vec![seen("A", "y", 1, 0), seen("B", "z", 0, 0)]);
        for matter in [Matter::Everything, session("A"), alliance("x"), alliance("y")] {
            assert!(!same(&first, &moved, &matter, false), "{matter:?}");
        }
        assert!(same(&first, &moved, &alliance("z"), true));
        let gone = moved.after(3, vec![seen("B", "z", 0, 0)]);
        assert!(!same(&moved, &gone, &alliance("y"), false));
        assert!(!same(&moved, &gone, &session("A"), false), "no longer watched");
        assert!(same(&moved, &gone, &session("B"), true));
    }

    #[test]
    fn names_concern_everything_and_what_is_not_watched_changes_with_every_look() {
        let first = Changes::default().after(3, vec![seen("A", "x", 0, 0)]);
        let renamed = first.after(4, vec![seen("A", "x", 0, 0)]);
        for matter in [Matter::Everything, session("A"), alliance("x"), alliance("nobody")] {
            assert!(!same(&first, &renamed, &matter, false), "{matter:?}");
        }
        let again = renamed.after(4, vec![seen("A", "x", 0, 0)]);
        assert!(same(&renamed, &again, &session("A"), true));
        assert!(!same(&renamed, &again, &session("over"), true));
    }
}
