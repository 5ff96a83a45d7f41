//! What is kept of people who were asked to come, before they book.

use super::{Fate, Kind, LAST_DAY, MONTH, Rule, TASK, rule};

pub(super) const fn asked(kind: Kind) -> Rule {
    rule(
        kind,
        (
            "Who was asked by name to come to a session and did not book: name, address, what was said",
            "So that you can answer by your own link, and nobody asks you twice",
        ),
        TASK,
        (MONTH, LAST_DAY),
        Fate::Counted,
    )
}
