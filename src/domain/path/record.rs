//! What somebody did elsewhere: a course of others, or an action.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::{
    id::{PathRecordId, PersonId, StaffLogin},
    vocabulary::words,
};

/// What kind of thing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// A course that others held.
    Course,
    /// An action: an assembly, a listening campaign, a meeting with whoever decides.
    Action,
}

words!(RecordKind { Course => "course", Action => "action" });

/// Whether it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordState {
    /// She claimed it, and an organiser has not said anything yet.
    Asked,
    /// It counts.
    Confirmed,
    /// It does not.
    Refused,
}

words!(RecordState { Asked => "asked", Confirmed => "confirmed", Refused => "refused" });

/// Who wrote it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedBy {
    /// Whoever did it.
    Herself,
    /// An organiser.
    Office,
}

/// A course elsewhere, or hours of action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRecord {
    /// Which.
    pub id: PathRecordId,
    /// Whose.
    pub person: PersonId,
    /// Of what kind.
    pub kind: RecordKind,
    /// What it was: the title of the course, or what was done.
    pub title: String,
    /// Who held the course, or for which campaign or institution it was.
    pub by_whom: Option<String>,
    /// Which of the path's kinds of action it was.
    pub sort: Option<String>,
    /// On which day; the last of several.
    pub done_on: NaiveDate,
    /// How long, in minutes; never none.
    pub minutes: u32,
    /// Whether it counts.
    pub state: RecordState,
    /// Who wrote it down.
    pub by: RecordedBy,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was written down.
    pub asked_at: DateTime<Utc>,
    /// When an organiser decided, and who.
    pub decided: Option<(DateTime<Utc>, Option<StaffLogin>)>,
}
