//! What pages say for people to read, beyond the facts that are booked by: nothing is decided by it, and no
//! calendar shows it.

use super::{colour::Colour, letter_wording::AllianceLetters, sitting::Sitting};

/// What an alliance says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllianceWords {
    /// Who it is, in a few sentences.
    pub about: Option<String>,
    /// The colour its page is in.
    pub colour: Option<Colour>,
    /// What its letters say in its own words, which no page shows.
    pub letters: AllianceLetters,
}

/// What a course says of itself beyond its summary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CourseWords {
    /// Who it is for.
    pub for_whom: Option<String>,
    /// What whoever came will be able to do, a phrase each.
    pub outcomes: Vec<String>,
}

/// What a session's page says for whoever thinks of coming.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionWords {
    /// How to get there: buses, stations, parking.
    pub directions: Option<String>,
    /// What to bring.
    pub bring: Option<String>,
    /// What there is to eat and drink.
    pub food: Option<String>,
    /// Accessibility in sentences, beside the short phrases.
    pub access_words: Option<String>,
    /// What each day is about, by its number; days at the end may be missing.
    pub days: Vec<DayWords>,
}

/// What a day is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayWords {
    /// What it is called, such as `Power and people`.
    pub title: Option<String>,
    /// More about it.
    pub note: Option<String>,
}

impl SessionWords {
    /// What a day is about.
    pub fn day(&self, sitting: &Sitting) -> Option<&DayWords> {
        let at = usize::try_from(sitting.number).ok()?.checked_sub(1)?;
        self.days.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    #[test]
    fn each_day_has_its_own_words_and_days_at_the_end_may_have_none() {
        let day = |title: &str| DayWords { title: Some(title.to_owned()), note: None };
        let words =
            SessionWords { days: vec![day("Power"), day("People")], ..SessionWords::default() };
        let titles = [0, 1, 2, 3].map(|number| {
            let sitting = samples::sitting(number, "2027-01-09");
            words.day(&sitting).and_then(|day| day.title.as_deref())
        });
        assert_eq!(titles, [None, Some("Power"), Some("People"), None]);
    }
}
