//! What is kept of people who were asked to come, before they book.

use chrono::Duration;

use super::{Fate, Kind, LAST_DAY, MONTH, Rule, TASK, rule};

pub(super) const fn asked(kind: Kind) -> Rule {
    match kind {
        Kind::Nominations => rule(
            kind,
            (
                "That you were nominated for a course, why, and what was agreed in talks before and after it",
                "So that you are asked, prepared and accompanied",
            ),
            TASK,
            (Duration::days(2 * 365), "it was written"),
            Fate::Erased,
        ),
        Kind::Interest => rule(
            kind,
            (
                "Your wish to be told when there is a date of a course: name, address, place",
                "So that we can tell you, and plan where people wait",
            ),
            "Consent, Article 6(1)(a): you confirm it, and end it by the link in each letter",
            (Duration::days(365), "you asked; two days if you did not confirm it or have ended it"),
            Fate::Erased,
        ),
        _ => rule(
            kind,
            (
                "Who was asked by name to come to a session and did not book: name, address, what was said",
                "So that you can answer by your own link, and nobody asks you twice",
            ),
            TASK,
            (MONTH, LAST_DAY),
            Fate::Counted,
        ),
    }
}
