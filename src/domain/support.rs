//! What somebody arranges so that a session works for everybody: an interpreter, word to the kitchen, childcare,
//! a lift, a hall key. What people ticked makes some of it; the rest an organiser adds.

use chrono::{DateTime, Duration, Utc};

use super::vocabulary::words;

/// Of what kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SupportKind {
    /// Somebody ticked that she needs an interpreter.
    Interpreter,
    /// Somebody ticked an allergy: whoever cooks must know.
    Kitchen,
    /// Anything else, by the name an organiser gave it.
    Other,
}

words!(SupportKind { Interpreter => "interpreter", Kitchen => "kitchen", Other => "other" });

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SupportState {
    /// Nobody was asked yet.
    #[default]
    ToArrange,
    /// Somebody was asked and has not answered.
    Asked,
    /// It is arranged.
    Booked,
    /// It is not needed, or not any more.
    NotNeeded,
}

words!(SupportState {
    ToArrange => "to-arrange",
    Asked => "asked",
    Booked => "booked",
    NotNeeded => "not-needed",
});

/// The most a support costs, in pence: a million pounds is a slip of the finger.
pub const MOST_PENCE: u32 = 100_000_000;

/// Days before a session by which an interpreter should be booked: most need two weeks.
pub const INTERPRETER_DAYS: i64 = 14;

impl SupportKind {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interpreter => "Interpreter",
            Self::Kitchen => "Tell the kitchen about allergies",
            Self::Other => "Other support",
        }
    }

    /// How long before the first day it should be arranged.
    pub const fn ahead(self) -> Duration {
        match self {
            Self::Interpreter => Duration::days(INTERPRETER_DAYS),
            Self::Kitchen => Duration::days(3),
            Self::Other => Duration::days(2),
        }
    }

    /// How long before that to begin.
    pub const fn takes(self) -> Duration {
        match self {
            Self::Interpreter => Duration::days(14),
            Self::Kitchen | Self::Other => Duration::days(7),
        }
    }

    /// Whether it is there because people ticked that they need it.
    pub const fn is_of_needs(self) -> bool {
        matches!(self, Self::Interpreter | Self::Kitchen)
    }
}

/// What is to be done about a support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// Arrange it.
    Arrange,
    /// Ask again: nobody has answered.
    Chase,
    /// It was arranged for fewer people than need it now.
    More(u32),
    /// It was asked for or arranged, and nobody needs it any more.
    CallOff,
}

/// What is to be done about a support of a kind that is this far for `covered` people, while `asking` need it.
pub fn to_do(kind: SupportKind, state: SupportState, covered: u32, asking: u32) -> Option<ToDo> {
    let (is_asked_for, more) = (asking > 0 || !kind.is_of_needs(), asking.saturating_sub(covered));
    match state {
        SupportState::ToArrange => is_asked_for.then_some(ToDo::Arrange),
        SupportState::Asked | SupportState::Booked if !is_asked_for => Some(ToDo::CallOff),
        SupportState::Asked => Some(ToDo::Chase),
        SupportState::Booked if kind.is_of_needs() && more > 0 => Some(ToDo::More(more)),
        SupportState::NotNeeded if kind.is_of_needs() && more > 0 => Some(ToDo::Arrange),
        SupportState::Booked | SupportState::NotNeeded => None,
    }
}

/// From when a support for a session that starts at `starts` is to be worked on, and by when it should stand.
pub fn span(kind: SupportKind, starts: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let by = starts - kind.ahead();
    (by - kind.takes(), by)
}

/// What was typed for a cost, such as `85`, `85.50` or `£1,200`, in pence.
pub fn pence(typed: &str) -> Option<u32> {
    let plain: String = typed.trim().trim_start_matches('£').replace([',', ' '], "");
    let (pounds, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if pounds.is_empty() || !digits(pounds) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let whole = pounds.parse::<u32>().ok()?.checked_mul(100)?;
    let part = format!("{rest:0<2}").parse::<u32>().ok()?;
    whole.checked_add(part).filter(|pence| *pence <= MOST_PENCE)
}

/// `£85.50`.
pub fn pounds(pence: i64) -> String {
    format!("£{}.{:02}", pence / 100, pence % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_follows_what_people_ask_for_now() {
        use SupportKind::{Interpreter, Other};
        use SupportState::{Asked, Booked, NotNeeded, ToArrange};
        for (kind, state, covered, asking, expected) in [
            (Interpreter, ToArrange, 0, 1, Some(ToDo::Arrange)),
            (Interpreter, ToArrange, 0, 0, None),
            (Interpreter, Asked, 1, 1, Some(ToDo::Chase)),
            (Interpreter, Booked, 1, 1, None),
            (Interpreter, Booked, 1, 3, Some(ToDo::More(2))),
            (Interpreter, Booked, 1, 0, Some(ToDo::CallOff)),
            (Interpreter, NotNeeded, 1, 1, None),
            (Interpreter, NotNeeded, 1, 2, Some(ToDo::Arrange)),
            (Other, ToArrange, 0, 0, Some(ToDo::Arrange)),
            (Other, Asked, 0, 0, Some(ToDo::Chase)),
            (Other, Booked, 0, 0, None),
            (Other, NotNeeded, 0, 0, None),
        ] {
            assert_eq!(to_do(kind, state, covered, asking), expected, "{kind} {state} {asking}");
        }
    }

    #[test]
    fn a_cost_is_read_as_people_write_it() {
        for (typed, read) in [
            ("85", Some(8500)),
            ("85.5", Some(8550)),
            (" £1,200.05 ", Some(120_005)),
            ("0", Some(0)),
            ("", None),
            ("-3", None),
            ("8.505", None),
            ("eighty", None),
            ("99999999999", None),
            ("1000000.01", None),
        ] {
            assert_eq!(pence(typed), read, "{typed}");
        }
        assert_eq!(pounds(8505), "£85.05");
    }

    #[test]
    fn each_support_has_its_name_and_its_time() {
        let starts: DateTime<Utc> = "2027-03-31T09:00:00Z".parse().expect("a moment");
        for (kind, name, begins, stands) in [
            (SupportKind::Interpreter, "Interpreter", 28, 14),
            (SupportKind::Kitchen, "Tell the kitchen about allergies", 10, 3),
            (SupportKind::Other, "Other support", 9, 2),
        ] {
            assert_eq!(kind.name(), name);
            let [begins, stands] = [begins, stands].map(|days| starts - Duration::days(days));
            assert_eq!(span(kind, starts), (begins, stands), "{name}");
        }
    }

    #[test]
    fn a_cost_is_pounds_with_pence_or_without() {
        for bad in ["", ".50", "8x", "8.5x", "x.50", "8.555", "-8", "+8", "+8.50"] {
            assert_eq!(pence(bad), None, "{bad}");
        }
        assert_eq!((pence("8.5"), pence("£1,000,000")), (Some(850), Some(100_000_000)));
        assert_eq!(pence("1000000.01"), None);
    }
}
