//! Who is there: for each place and sitting, apart from the state of the place.

use chrono::{DateTime, Duration, Utc};

use super::{
    contact::EmailAddress,
    id::{PlaceId, WalkInId},
    roster::RosterLine,
    session::Session,
    sitting::Sitting,
    text::Name,
    vocabulary::words,
};

/// Whether somebody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Presence {
    /// Not known yet, or a tap taken back.
    #[default]
    Unknown,
    /// Seen at the door, or written down afterwards.
    Attended,
    /// Not seen by the time the day was closed, or marked so.
    Absent,
}

words!(Presence { Unknown => "unknown", Attended => "attended", Absent => "absent" });

/// What we know somebody's presence by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Basis {
    /// Somebody saw it, at a moment: an observation (D1).
    #[default]
    Seen,
    /// Nobody marked her when the day was closed: a default, which any observation outranks.
    Closing,
    /// Written down after the day had ended, by somebody who knows (D2).
    Correction,
}

words!(Basis { Seen => "seen", Closing => "closing", Correction => "correction" });

/// When the door of a sitting is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoorHours {
    /// From then on people can be checked in.
    pub opens: DateTime<Utc>,
    /// After that only corrections are taken.
    pub ends: DateTime<Utc>,
}

/// Where a moment stands to the hours of a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorTime {
    /// Nobody can have been there yet.
    Early,
    /// People come.
    Open,
    /// The sitting has ended.
    Over,
}

impl DoorHours {
    /// Those of a sitting, for which people are checked in so long before it starts.
    pub fn of(sitting: &Sitting, before: Duration) -> Self {
        Self { opens: sitting.starts_at - before, ends: sitting.ends_at }
    }

    /// Where a moment stands.
    pub fn at(self, moment: DateTime<Utc>) -> DoorTime {
        match moment {
            early if early < self.opens => DoorTime::Early,
            over if over > self.ends => DoorTime::Over,
            _ => DoorTime::Open,
        }
    }
}

/// Whether certificates are ready: the last day was closed, or is over though nobody closed it.
pub fn certificates_ready(session: &Session, last_closed: bool, now: DateTime<Utc>) -> bool {
    last_closed || session.ends_at().is_some_and(|end| end <= now)
}

/// One tap at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The place that was tapped; attendance hangs on it, one mark for each sitting.
    pub place: PlaceId,
    /// What the tap says; `Unknown` takes an earlier tap back.
    pub presence: Presence,
    /// When it was tapped, which may be long before it reaches us.
    pub at: DateTime<Utc>,
}

/// Somebody who came without a booking. They hold no place: nobody is turned away at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkIn {
    /// Made by the device at the door, so that a line sent twice is one line.
    pub id: WalkInId,
    /// As they gave it at the door.
    pub name: Name,
    /// Whom they come for.
    pub institution: Option<Name>,
    /// Where a letter would reach them.
    pub email: Option<EmailAddress>,
    /// When the device added them, by its own clock.
    pub at: DateTime<Utc>,
    /// What the device sent besides and nobody could use, as it was typed: somebody was there, whatever
    /// was mistyped about her.
    pub unread: Option<String>,
}

/// A line of a device that may be about somebody who is there already. It counts once it was said that she
/// is somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkInQuestion {
    /// The line.
    pub walk_in: WalkIn,
    /// Who may be meant, in words.
    pub why: String,
}

/// A line of the roster as the door sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorLine {
    /// The place, with whoever sits there.
    pub line: RosterLine,
    /// Whether they are here.
    pub presence: Presence,
    /// Since when that is known.
    pub since: Option<DateTime<Utc>>,
    /// What it is known by.
    pub basis: Basis,
}

/// Something that reached us when the day was closed already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Whom it is about.
    pub name: String,
    /// The sitting's number.
    pub sitting: u32,
    /// Whether they were there.
    pub presence: Presence,
    /// When that was seen.
    pub seen_at: DateTime<Utc>,
    /// Who saw it.
    pub by: String,
}

/// The door of one sitting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Door {
    /// Everybody with a place, in the roster's order.
    pub lines: Vec<DoorLine>,
    /// Everybody else who came, in the order they came.
    pub walk_ins: Vec<WalkIn>,
    /// Lines that wait for a word whether they are about somebody else.
    pub questions: Vec<WalkInQuestion>,
    /// When the day was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// What reached us after that.
    pub late: Vec<Late>,
}

/// Whether somebody who attended so many of a session's sittings did the course: more than half.
pub const fn did_course(attended: usize, sittings: usize) -> bool {
    attended * 2 > sittings
}

impl Door {
    /// Those who are here.
    pub fn here(&self) -> impl Iterator<Item = &DoorLine> {
        self.lines.iter().filter(|line| line.presence == Presence::Attended)
    }

    /// Those who are not here yet.
    pub fn missing(&self) -> impl Iterator<Item = &DoorLine> {
        self.lines.iter().filter(|line| line.presence != Presence::Attended)
    }

    /// How many people are counted: those with a place, and those who came without. Whoever came is
    /// counted here too, so that never more came than were counted (D3).
    pub fn expected(&self) -> usize {
        self.lines.len() + self.walk_ins.len()
    }

    /// How many people are here, with and without a booking.
    pub fn count_here(&self) -> usize {
        self.here().count() + self.walk_ins.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{place::PlaceState, samples};

    #[test]
    fn the_door_is_open_from_a_while_before_a_day_to_its_end() {
        let sitting = samples::sitting(1, "2026-09-05");
        let hours = DoorHours::of(&sitting, Duration::hours(1));
        let (opens, ends) = (sitting.starts_at - Duration::hours(1), sitting.ends_at);
        let moment = Duration::seconds(1);
        for (at, time) in [
            (opens - moment, DoorTime::Early),
            (opens, DoorTime::Open),
            (sitting.starts_at, DoorTime::Open),
            (ends, DoorTime::Open),
            (ends + moment, DoorTime::Over),
        ] {
            assert_eq!(hours.at(at), time, "{at}");
        }
    }

    #[test]
    fn certificates_are_ready_when_the_last_day_was_closed_or_is_over() {
        let session = samples::session();
        let end = session.ends_at().expect("a last day");
        let before = end - Duration::seconds(1);
        assert!(!certificates_ready(&session, false, before));
        assert!(certificates_ready(&session, true, before));
        assert!(certificates_ready(&session, false, end));
    }

    #[test]
    fn a_course_is_done_by_coming_to_more_than_half_of_its_days() {
        for (attended, days, done) in
            [(0, 1, false), (1, 1, true), (1, 2, false), (2, 2, true), (2, 4, false), (3, 4, true)]
        {
            assert_eq!(did_course(attended, days), done, "{attended} of {days}");
        }
    }

    fn line(number: u32, presence: Presence) -> DoorLine {
        let who = samples::attendee("Ada Obi", "");
        let line = RosterLine {
            place: samples::place(number, Some(who), PlaceState::Confirmed),
            institution: None,
            institution_code: None,
            leader: "Ruth Okafor".to_owned(),
            phone: None,
            reference: "RM7K-4TQ2".to_owned(),
            answer: None,
            words: Vec::new(),
            came: Vec::new(),
            answers: Vec::new(),
        };
        DoorLine { line, presence, since: None, basis: Basis::Seen }
    }

    #[test]
    fn whoever_came_without_a_booking_is_here_and_is_counted() {
        let walk_in = |number| WalkIn {
            id: WalkInId::new(uuid::Uuid::from_u128(number)),
            name: samples::name("Ben Low"),
            institution: None,
            email: None,
            at: DateTime::UNIX_EPOCH,
            unread: None,
        };
        let door = Door {
            lines: vec![
                line(1, Presence::Attended),
                line(2, Presence::Unknown),
                line(3, Presence::Absent),
                line(4, Presence::Attended),
                line(5, Presence::Attended),
            ],
            walk_ins: vec![walk_in(1), walk_in(2)],
            ..Door::default()
        };
        let numbers = |lines: Vec<&DoorLine>| -> Vec<_> {
            lines.iter().map(|one| one.line.place.number).collect()
        };
        assert_eq!(numbers(door.here().collect()), [1, 4, 5]);
        assert_eq!(numbers(door.missing().collect()), [2, 3]);
        assert_eq!((door.count_here(), door.expected()), (5, 7));
    }
}
