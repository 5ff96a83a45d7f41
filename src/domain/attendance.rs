//! Who is there: for each place and sitting, apart from the state of the place.

use chrono::{DateTime, Utc};

use super::{
    contact::EmailAddress,
    id::{PlaceId, WalkInId},
    roster::RosterLine,
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
}

/// The door of one sitting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Door {
    /// Everybody with a place, in the roster's order.
    pub lines: Vec<DoorLine>,
    /// Everybody else who came, in the order they came.
    pub walk_ins: Vec<WalkIn>,
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

    /// How many people are here, with and without a booking.
    pub fn count_here(&self) -> usize {
        self.here().count() + self.walk_ins.len()
    }
}
