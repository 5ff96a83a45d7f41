//! What is kept to keep the service safe, and of those who run it.

use chrono::Duration;

use super::{Fate, Kind, LAST_DAY, LINKS_LAST, MONTH, OURS, Rule, TASK, rule};

/// What keeps the service safe.
pub(super) const fn technical(kind: Kind) -> Rule {
    match kind {
        Kind::Links => rule(
            kind,
            ("Private links to a booking or a place", "So that you need no account"),
            TASK,
            (LINKS_LAST, LAST_DAY),
            Fate::Ends,
        ),
        Kind::Calendars => rule(
            kind,
            ("A calendar of your own that you subscribed to", "To show you your own sessions"),
            TASK,
            (
                Duration::days(3 * 365),
                "the last day of your last session, or as soon as you end it",
            ),
            Fate::Ends,
        ),
        Kind::Path => rule(
            kind,
            (
                "Your path: courses elsewhere and hours of action, and who is on which path",
                "To know how far you are, and for your certificate",
            ),
            TASK,
            (
                Duration::days(3 * 365),
                "the last thing written down on it, and the last day of your last session",
            ),
            Fate::Counted,
        ),
        Kind::Files => rule(
            kind,
            (
                "Lists of people that an organiser brings in as a file, before she says what they are",
                "So that she can look through them first",
            ),
            TASK,
            (Duration::days(1), "the file was brought, or as soon as it is imported"),
            Fate::Erased,
        ),
        Kind::Attempts => rule(
            kind,
            (
                "Marks that keep a form or a program from booking twice",
                "So that a double click books once",
            ),
            OURS,
            (MONTH, "it was sent"),
            Fate::Erased,
        ),
        _ => of_staff(kind),
    }
}

/// What is kept of staff, and of what they did.
const fn of_staff(kind: Kind) -> Rule {
    match kind {
        Kind::SignIns => rule(
            kind,
            ("Where staff are signed in", "To let staff in, and out"),
            OURS,
            (MONTH, "it ended"),
            Fate::Erased,
        ),
        Kind::Passkeys => rule(
            kind,
            ("Passkeys of staff", "To let staff in"),
            OURS,
            (MONTH, "the account was closed"),
            Fate::Erased,
        ),
        Kind::Staff => rule(
            kind,
            ("Staff accounts: name and email address", "To know who may do what, and who teaches"),
            "Legitimate interests: running the training",
            (Duration::days(3 * 365), "the account was closed"),
            Fate::Counted,
        ),
        _ => rule(
            kind,
            (
                "The log of who did what, by role or staff login, without names of people who book",
                "To answer questions and to find faults",
            ),
            OURS,
            (
                Duration::days(3 * 365),
                "it happened; of a booking, for as long as its names are kept",
            ),
            Fate::Erased,
        ),
    }
}
