//! What people thought of a session: three questions, and the answers without names.

use super::{finding::sort_key, text::Paragraph, vocabulary::words};

/// Whether somebody would send a friend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recommend {
    /// Would tell a friend to come.
    Yes,
    /// Might tell a friend to come.
    Maybe,
    /// Would not tell a friend to come.
    No,
}

words!(Recommend { Yes => "yes", Maybe => "maybe", No => "no" });

/// How useful it was, from 1 (not at all) to 5 (very).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Useful(u8);

impl Useful {
    /// Accepts 1 to 5.
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= 5 { Some(Self(number)) } else { None }
    }

    /// The stars, 1 to 5.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// What one person answered to the three questions; never shown with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// How useful it was.
    pub useful: Useful,
    /// Whether she would recommend it.
    pub recommend: Recommend,
    /// What we should change, if she said.
    pub change: Option<Paragraph>,
}

/// The answers of everybody on a session, as counts and averages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Results {
    /// How many answered each of 1 to 5.
    pub useful: [usize; 5],
    /// How many answered yes, maybe and no.
    pub recommend: [usize; 3],
    /// What should change, in their words, in no order that tells who wrote it.
    pub changes: Vec<String>,
}

impl Results {
    /// Counts the answers of a session; an empty list gives no averages.
    pub fn of(answers: &[Feedback]) -> Self {
        let mut results = Self::default();
        for answer in answers {
            results.useful[usize::from(answer.useful.number() - 1)] += 1;
            results.recommend[answer.recommend as usize] += 1;
            results.changes.extend(answer.change.iter().map(|text| text.as_str().to_owned()));
        }
        results.changes.sort_by_cached_key(|change| sort_key(change));
        results
    }

    /// How many people answered.
    pub fn count(&self) -> usize {
        self.useful.iter().sum()
    }

    /// The mean of the first question, in tenths; `None` without an answer.
    pub fn mean_tenths(&self) -> Option<usize> {
        let sum: usize = (1..=5).zip(self.useful).map(|(number, count)| number * count).sum();
        (sum * 10 + self.count() / 2).checked_div(self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_and_their_order_says_nothing() {
        let answer = |useful, recommend, change: &str| Feedback {
            useful: Useful::new(useful).unwrap(),
            recommend,
            change: Paragraph::parse_optional(change).unwrap(),
        };
        let answers = [
            answer(5, Recommend::Yes, "Warmer hall"),
            answer(4, Recommend::Yes, ""),
            answer(2, Recommend::No, "Shorter"),
        ];
        let results = Results::of(&answers);
        assert_eq!((results.count(), results.mean_tenths()), (3, Some(37)));
        assert_eq!((results.useful, results.recommend), ([0, 1, 0, 1, 1], [2, 0, 1]));
        assert_eq!(results.changes, ["Shorter", "Warmer hall"]);
        let four = Results::of(&[5, 5, 5, 4].map(|useful| answer(useful, Recommend::Yes, "")));
        assert_eq!(four.mean_tenths(), Some(48), "4.75 is rounded up");
        assert_eq!(Results::default().mean_tenths(), None);
        assert!(Useful::new(0).is_none() && Useful::new(6).is_none());
    }
}
