//! Applications: places that an organiser decides on after she has read all of them, and of which everybody may be
//! told on one day.

use chrono::{DateTime, Utc};

use super::{audit::Actor, text::Paragraph, vocabulary::words};

/// The most points a reader gives.
pub const MOST_POINTS: u8 = 5;

/// When everybody who asks for places on a session is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionDay {
    /// The moment; `None` where that is said later.
    pub tell_at: Option<DateTime<Utc>>,
}

impl DecisionDay {
    /// Whether what is decided at a moment waits for the day.
    pub fn holds_at(self, now: DateTime<Utc>) -> bool {
        self.tell_at.is_none_or(|at| at > now)
    }
}

/// What was decided of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They get their places, as long as there are any.
    Approve,
    /// They wait on the list.
    Wait,
    /// They get none.
    Refuse,
}

words!(Verdict { Approve => "approve", Wait => "wait", Refuse => "refuse" });

impl Verdict {
    /// For whoever decides.
    pub const fn called(self) -> &'static str {
        match self {
            Self::Approve => "Yes",
            Self::Wait => "Waiting list",
            Self::Refuse => "No",
        }
    }
}

/// A decision that nobody was told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntoldDecision {
    /// Which.
    pub verdict: Verdict,
    /// Why not, for the applicant to read.
    pub reason: Option<Paragraph>,
    /// How many places are promised.
    pub places: u32,
    /// Who decided.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a reader thinks of an application. Applicants are not shown it on any page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// From 0 to [`MOST_POINTS`].
    pub points: u8,
    /// In words.
    pub note: Option<Paragraph>,
}

/// The mean of what readers gave, in tenths; nothing where nobody read.
pub fn mean_in_tenths(points: impl IntoIterator<Item = u8>) -> Option<u32> {
    let (mut sum, mut count) = (0_u32, 0_u32);
    for one in points {
        sum += u32::from(one);
        count += 1;
    }
    (sum * 10 + count / 2).checked_div(count)
}

/// `3.5`, or `4`.
pub fn points_in_words(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_readers_is_told_to_a_tenth() {
        let mean = |points: &[u8]| mean_in_tenths(points.iter().copied()).map(points_in_words);
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[4]).as_deref(), Some("4"));
        assert_eq!(mean(&[3, 4]).as_deref(), Some("3.5"));
        assert_eq!(mean(&[1, 1, 2]).as_deref(), Some("1.3"));
    }

    #[test]
    fn whoever_decides_reads_what_she_presses() {
        let all = [Verdict::Approve, Verdict::Wait, Verdict::Refuse].map(Verdict::called);
        assert_eq!(all, ["Yes", "Waiting list", "No"]);
    }

    #[test]
    fn a_decision_waits_until_its_day() {
        let at: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().expect("a moment");
        let day = DecisionDay { tell_at: Some(at) };
        assert!(day.holds_at(at - chrono::Duration::seconds(1)) && !day.holds_at(at));
        assert!(DecisionDay { tell_at: None }.holds_at(at));
    }
}
