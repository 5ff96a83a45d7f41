//! What waits for somebody in the office: a list that can be emptied. Each thing is done, somebody's, or left
//! for later; what is done comes back only when something about it is new.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Duration, Utc};

use super::{id::StaffLogin, text::Paragraph, vocabulary::words};

/// What kind of thing it is, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThingKind {
    /// A place is offered to a leader who gave no address.
    Phone,
    /// An interpreter or another support is to be arranged.
    Support,
    /// People ask for places.
    Requests,
    /// People ask for help so that they can come.
    Help,
    /// A leader nominated somebody for a course.
    Nomination,
    /// A one-to-one before a course is to be had.
    OneToOne,
    /// How a course was is to be looked at with somebody.
    Review,
    /// What was to be done next about a booking, a person or an institution is due.
    Step,
    /// People claim hours on their path.
    Claims,
    /// A session has fewer people than it needs.
    Minimum,
    /// Letters were given up.
    FailedLetters,
    /// Letters came back.
    ReturnedLetters,
    /// Offers from the waiting list run out soon.
    OffersEnding,
    /// A session fills slowly.
    FillsSlowly,
    /// People may be the same.
    People,
}

words!(ThingKind {
    Phone => "phone",
    Support => "support",
    Requests => "requests",
    Help => "help",
    Nomination => "nomination",
    OneToOne => "one-to-one",
    Review => "review",
    Step => "step",
    Claims => "claims",
    Minimum => "minimum",
    FailedLetters => "failed-letters",
    ReturnedLetters => "returned-letters",
    OffersEnding => "offers-ending",
    FillsSlowly => "fills-slowly",
    People => "people",
});

/// By what a thing is known for as long as there is anything to do about it: `requests:S1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThingKey {
    /// Of which kind.
    pub kind: ThingKind,
    /// About which session, booking, support or alliance.
    pub about: String,
}

/// A text that is no key of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such thing on the overview")]
pub struct NoSuchThing;

impl ThingKey {
    /// The key of a thing about something.
    pub fn new(kind: ThingKind, about: impl fmt::Display) -> Self {
        Self { kind, about: about.to_string() }
    }
}

impl fmt::Display for ThingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.about)
    }
}

impl FromStr for ThingKey {
    type Err = NoSuchThing;

    fn from_str(text: &str) -> Result<Self, NoSuchThing> {
        let (kind, about) = text.split_once(':').ok_or(NoSuchThing)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        if about.is_empty() || about.len() > 120 || !about.chars().all(is_plain) {
            return Err(NoSuchThing);
        }
        Ok(Self { kind: kind.parse().map_err(|_| NoSuchThing)?, about: about.to_owned() })
    }
}

/// What somebody said of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThingMark {
    /// How new what she saw was: the same number or a lower one is no news.
    pub fact: i64,
    /// What is to become of it.
    pub state: MarkState,
    /// Whose it is, if it is anybody's.
    pub assignee: Option<StaffLogin>,
    /// What she wrote beside it.
    pub note: Option<Paragraph>,
    /// Who said so last.
    pub by: StaffLogin,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is to become of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkState {
    /// It waits.
    Open,
    /// Nothing is left to do, unless something about it is new.
    Done,
    /// It is left until then.
    Snoozed(DateTime<Utc>),
}

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingStanding {
    /// It waits for somebody now.
    Open,
    /// Somebody has done it.
    Done,
    /// Somebody left it until then.
    Snoozed(DateTime<Utc>),
    /// There is time for it after this week.
    Later,
}

/// Where a thing stands at `now`: what is `fact` new about it, and from when it is to be done.
pub fn standing(
    mark: Option<&ThingMark>,
    fact: i64,
    from: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> ThingStanding {
    match mark.map(|mark| (mark.state, mark.fact)) {
        Some((MarkState::Done, seen)) if fact <= seen => ThingStanding::Done,
        Some((MarkState::Snoozed(until), _)) if now < until => ThingStanding::Snoozed(until),
        _ if from.is_some_and(|from| now < from) => ThingStanding::Later,
        _ => ThingStanding::Open,
    }
}

/// How long before its day a thing appears: whoever looks sees at most what she can do this week.
pub const WEEK: Duration = Duration::days(7);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn mark(state: MarkState) -> ThingMark {
        let by = "ruth".parse().expect("a login");
        ThingMark { fact: 7, state, assignee: None, note: None, by, at: at("2027-01-02T10:00:00Z") }
    }

    #[test]
    fn what_is_done_comes_back_only_when_it_is_new_again() {
        let (done, now) = (mark(MarkState::Done), at("2027-01-02T10:00:00Z"));
        assert_eq!(standing(Some(&done), 7, None, now), ThingStanding::Done);
        assert_eq!(
            standing(Some(&done), 6, None, now),
            ThingStanding::Done,
            "less of it is no news"
        );
        assert_eq!(standing(Some(&done), 8, None, now), ThingStanding::Open);
        assert_eq!(standing(None, 7, None, now), ThingStanding::Open);
    }

    #[test]
    fn what_is_left_comes_back_at_its_moment_and_what_has_time_waits_for_its_week() {
        let until = at("2027-01-09T00:00:00Z");
        let left = mark(MarkState::Snoozed(until));
        let before = until - Duration::seconds(1);
        assert_eq!(standing(Some(&left), 9, None, before), ThingStanding::Snoozed(until));
        assert_eq!(standing(Some(&left), 9, None, until), ThingStanding::Open);
        assert_eq!(standing(None, 9, Some(until), before), ThingStanding::Later);
        assert_eq!(standing(None, 9, Some(until), until), ThingStanding::Open);
    }

    #[test]
    fn a_key_reads_as_it_is_written_and_nothing_else_does() {
        let key = ThingKey::new(ThingKind::Requests, "S1");
        assert_eq!(key.to_string().parse(), Ok(key));
        for odd in ["", "requests", "requests:", "odd:S1", "requests:S 1", "requests:<b>"] {
            assert_eq!(odd.parse::<ThingKey>(), Err(NoSuchThing), "{odd}");
        }
    }

    #[test]
    fn what_a_thing_is_about_has_a_hundred_and_twenty_letters_at_most() {
        let about = |length: usize| format!("requests:{}", "a".repeat(length)).parse::<ThingKey>();
        assert_eq!(about(120).map(|key| key.about.len()), Ok(120));
        assert_eq!(about(121), Err(NoSuchThing));
    }
}
