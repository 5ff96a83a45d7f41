//! When what feeds show of an event last changed, and how often (C8).

use chrono::{DateTime, Duration, SubsecRound, Utc};

use super::id::SittingId;

/// The stamps of a day in feeds, with the hash of what it said when they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// The day.
    pub sitting: SittingId,
    /// How often what feeds show of it has changed.
    pub sequence: u32,
    /// When that last was.
    pub changed_at: DateTime<Utc>,
    /// What it said then; `None` if nobody has looked yet.
    pub rendered: Option<String>,
}

impl Stamped {
    /// The stamps of the day now that it says `rendered`; `None` if they are as they were. They never
    /// go back, and differ by a whole second: calendars compare them so.
    pub fn seen(&self, rendered: String, now: DateTime<Utc>) -> Option<Self> {
        let stamped = Self { rendered: Some(rendered), ..self.clone() };
        match &self.rendered {
            None => Some(stamped),
            Some(_) if stamped.rendered == self.rendered => None,
            Some(_) => {
                let next = self.changed_at.trunc_subsecs(0) + Duration::seconds(1);
                let changed_at = now.trunc_subsecs(0).max(next);
                Some(Self { sequence: self.sequence + 1, changed_at, ..stamped })
            }
        }
    }
}
