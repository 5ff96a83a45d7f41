//! What is tapped at the door, and what becomes of it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::domain::{
    attendance::{Mark, WalkIn},
    id::{PlaceId, WalkInId},
};

/// What was tapped at the door.
#[derive(Debug, Clone, Default)]
pub struct Taps {
    /// Who is here, or not after all.
    pub marks: Vec<Mark>,
    /// What somebody wrote down who knew that the day had ended (D2).
    pub corrections: Vec<Mark>,
    /// The names that stood beside the marks, where the device tells: a place may have become
    /// somebody else's meanwhile.
    pub shown: HashMap<PlaceId, String>,
    /// Who came without a booking.
    pub walk_ins: Vec<WalkIn>,
    /// Those of them that are added though somebody of the same name is there: whoever asked, knows.
    pub sure: HashSet<WalkInId>,
    /// Whether the walk-ins are corrections.
    pub adds_afterwards: bool,
    /// Whose line without a booking is taken back.
    pub removed: Vec<WalkInId>,
    /// Lines that waited for a word, and whether they are about somebody else.
    pub answers: Vec<(WalkInId, bool)>,
    /// Whether the taps come from a device that was alone with them: what has to be asked is kept then,
    /// for whoever looks after the door, since nobody may look at the device again.
    pub keeps_questions: bool,
}

/// A tap that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The place that was tapped, or nobody's.
    pub place: Option<PlaceId>,
    /// The line without a booking that was added.
    pub walk_in: Option<WalkInId>,
    /// When it was tapped.
    pub at: DateTime<Utc>,
    /// Whom it was about, as far as we know.
    pub name: String,
    /// Why, in words for whoever tapped.
    pub why: String,
    /// Whether it is a question: `place` is who may be meant, and who is sure may add the line.
    pub asks: bool,
}

/// What became of taps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many changed something.
    pub changed: usize,
    /// Those that were not taken; all others were, or were known.
    pub refused: Vec<Refused>,
}
