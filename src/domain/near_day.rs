//! A day that a letter counts towards. What is "tomorrow" when the letter is written may be "today"
//! when it leaves, since a mail server may be away over night: so its words are filled in last.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Stands in a letter's words for `Today`, `Tomorrow` or `In 7 days`. Set in characters that nobody
/// types (the private use area of the Unicode Standard, 23.5).
pub const LEAD: &str = "\u{E000}lead\u{E001}";

/// Stands for `today`, `tomorrow` or `soon`.
pub const WHEN: &str = "\u{E000}when\u{E001}";

/// The same in a heading of plain text, which is in capitals.
const WHEN_IN_CAPITALS: &str = "\u{E000}WHEN\u{E001}";

/// A day of a session, as people there count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NearDay {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The zone whose midnight it is that makes a day.
    pub zone: Tz,
}

impl NearDay {
    /// Whether it has begun, so that nobody need be reminded of it.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }

    /// The text of a letter that leaves now.
    pub fn fill(&self, text: &str, now: DateTime<Utc>) -> String {
        let day = |at: DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        let (lead, when) = match (day(self.starts_at) - day(now)).num_days() {
            ..=-1 => ("Reminder".to_owned(), "soon"),
            0 => ("Today".to_owned(), "today"),
            1 => ("Tomorrow".to_owned(), "tomorrow"),
            days => (format!("In {days} days"), "soon"),
        };
        text.replace(LEAD, &lead)
            .replace(WHEN, when)
            .replace(WHEN_IN_CAPITALS, &when.to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_midnights_of_the_place() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let text = format!("{LEAD}: See you {WHEN}, {}", WHEN.to_uppercase());
        let said = |starts: &str, zone: Tz, now: &str| {
            NearDay { starts_at: at(starts), zone }.fill(&text, at(now))
        };
        let london = Tz::Europe__London;
        let day = "2027-06-05T08:30:00Z";
        assert_eq!(said(day, london, "2027-06-05T00:00:00Z"), "Today: See you today, TODAY");
        // Half past midnight in London is still the day before in UTC.
        assert_eq!(said(day, london, "2027-06-04T23:30:00Z"), "Today: See you today, TODAY");
        assert_eq!(
            said(day, london, "2027-06-04T22:30:00Z"),
            "Tomorrow: See you tomorrow, TOMORROW"
        );
        assert_eq!(
            said(day, Tz::America__New_York, "2027-06-04T23:30:00Z"),
            "Tomorrow: See you tomorrow, TOMORROW"
        );
        assert_eq!(said(day, london, "2027-05-29T08:30:00Z"), "In 7 days: See you soon, SOON");
        assert_eq!(said(day, london, "2027-06-06T08:30:00Z"), "Reminder: See you soon, SOON");
    }

    #[test]
    fn nobody_is_reminded_of_a_day_once_it_has_begun() {
        let starts_at: DateTime<Utc> = "2027-06-05T08:30:00Z".parse().expect("a moment");
        let day = NearDay { starts_at, zone: Tz::Europe__London };
        assert!(day.has_begun(starts_at));
        assert!(!day.has_begun(starts_at - chrono::Duration::seconds(1)));
    }
}
