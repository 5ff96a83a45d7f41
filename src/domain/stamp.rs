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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_day_that_says_something_else_is_stamped_anew_and_always_later() {
        let before = Stamped {
            sitting: SittingId::new(uuid::Uuid::nil()),
            sequence: 4,
            changed_at: at("2027-01-02T10:00:00.7Z"),
            rendered: Some("as it was".to_owned()),
        };
        let now = "as it is".to_owned();
        assert_eq!(before.seen("as it was".to_owned(), at("2027-02-01T10:00:00Z")), None);
        for (seen, changed) in [
            ("2027-02-01T10:00:00.9Z", "2027-02-01T10:00:00Z"),
            ("2027-01-02T10:00:00.9Z", "2027-01-02T10:00:01Z"),
            ("2026-12-31T10:00:00Z", "2027-01-02T10:00:01Z"),
        ] {
            let (rendered, changed_at) = (Some(now.clone()), at(changed));
            let after = Stamped { sequence: 5, changed_at, rendered, ..before.clone() };
            assert_eq!(before.seen(now.clone(), at(seen)), Some(after), "{seen}");
        }
        let unseen = Stamped { rendered: None, ..before };
        let first = Stamped { rendered: Some(now.clone()), ..unseen.clone() };
        assert_eq!(unseen.seen(now, at("2027-02-01T10:00:00Z")), Some(first), "nothing changed");
    }
}
