//! What is kept of people, for how long, why, and what becomes of it (P5): one table. The privacy page, the
//! documents, the work that erases and `doctor` read it.

use chrono::{DateTime, Duration, Utc};

use super::vocabulary::words;

mod asked;
mod technical;

/// What stands where a name was.
pub const NAME_REMOVED: &str = "Name removed";

/// What stands where an address must stand. Nothing is ever delivered to it (RFC 2606).
pub const ADDRESS_REMOVED: &str = "removed@erased.invalid";

/// How long after the last day of its session a private link opens something (P6).
pub const LINKS_LAST: Duration = Duration::days(60);

/// How long what is due may wait for the hourly work before `doctor` calls it overdue.
pub const GRACE: Duration = Duration::hours(4);

/// How long needs are kept where no setting says otherwise, in days.
pub const NEEDS_DAYS: u16 = 30;

/// A kind of data about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What somebody typed who did not finish booking.
    Hold,
    /// Food and access needs.
    Needs,
    /// Whom to reach for somebody under 18.
    Guardian,
    /// Reasons in people's own words.
    Words,
    /// Who took part, and how to reach them.
    Names,
    /// What help somebody asked for, and what was granted and paid.
    Help,
    /// What people thought of a session.
    Feedback,
    /// Letters we sent.
    Letters,
    /// Letters that came.
    Received,
    /// Messages an organiser wrote to many.
    Messages,
    /// What staff noted for each other.
    Notes,
    /// Whom an organiser asked by name.
    Asked,
    /// Who was nominated for a course.
    Nominations,
    /// Who wants to be told of dates.
    Interest,
    /// Private links to a booking or a place.
    Links,
    /// Calendars of one's own.
    Calendars,
    /// What somebody did for a path.
    Path,
    /// Files that staff brought in, before they are imported.
    Files,
    /// What keeps a form or a program from booking twice.
    Attempts,
    /// Where staff are signed in.
    SignIns,
    /// Passkeys of accounts that were closed.
    Passkeys,
    /// Staff accounts.
    Staff,
    /// Who did what, by role or login.
    Log,
}

words!(Kind {
    Hold => "hold",
    Needs => "needs",
    Guardian => "guardian",
    Words => "words",
    Names => "names",
    Help => "help",
    Feedback => "feedback",
    Letters => "letters",
    Received => "received",
    Messages => "messages",
    Notes => "notes",
    Asked => "asked",
    Nominations => "nominations",
    Interest => "interest",
    Links => "links",
    Calendars => "calendars",
    Path => "path",
    Files => "files",
    Attempts => "attempts",
    SignIns => "sign-ins",
    Passkeys => "passkeys",
    Staff => "staff",
    Log => "log",
});

/// What becomes of data when its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing of it stays.
    Erased,
    /// Names, addresses and words go; the line stays and is counted.
    Counted,
    /// It opens nothing any more.
    Ends,
}

impl Fate {
    /// For whoever reads the table.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Erased => "Erased",
            Self::Counted => "Made anonymous; numbers are kept",
            Self::Ends => "Stops working, and is erased with the names",
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Of what.
    pub kind: Kind,
    /// What that is, in words.
    pub what: &'static str,
    /// What it is for.
    pub why: &'static str,
    /// The lawful basis (UK GDPR Article 6), and for special categories that of Article 9.
    pub basis: &'static str,
    /// How long it is kept.
    pub keep: Duration,
    /// From when on that counts, in words that follow "after".
    pub after: &'static str,
    /// What becomes of it then.
    pub fate: Fate,
}

const MONTH: Duration = Duration::days(30);
const LAST_DAY: &str = "the last day of the session";
const TASK: &str = "Legitimate interests: running the training you asked for";
const OURS: &str = "Legitimate interests: keeping the service safe and answering questions";
const CONSENT: &str = "Explicit consent, Articles 6(1)(a) and 9(2)(a): you need not tell us";

const fn rule(
    kind: Kind,
    (what, why): (&'static str, &'static str),
    basis: &'static str,
    (keep, after): (Duration, &'static str),
    fate: Fate,
) -> Rule {
    Rule { kind, what, why, basis, keep, after, fate }
}

/// The accounts are kept for six years; who it was is gone before, with the names.
const HELP: Rule = rule(
    Kind::Help,
    (
        "What help with coming you asked for, in kind and amount, what was granted, and when and how it was paid",
        "To decide, and for the accounts; after three years without your name",
    ),
    "Legitimate interests: helping you to come, and accounting for the money",
    (Duration::days(6 * 365), LAST_DAY),
    Fate::Erased,
);

/// How long each kind of data is kept, where settings may say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How many days after the last day of a session needs and guardians are kept.
    pub needs_days: u16,
}

/// Who answers for the data, in the words of the law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controller {
    /// The organisation.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
    /// Where the data is stored, in words that follow "is stored".
    pub stored: Option<String>,
    /// How long it keeps what.
    pub retention: Retention,
}

impl Default for Retention {
    fn default() -> Self {
        Self { needs_days: NEEDS_DAYS }
    }
}

impl Retention {
    /// The line about a kind.
    pub const fn rule(self, kind: Kind) -> Rule {
        let days = Duration::days(self.needs_days as i64);
        match kind {
            Kind::Hold | Kind::Needs | Kind::Guardian | Kind::Words | Kind::Names => {
                self.of_a_booking(kind, days)
            }
            Kind::Help => HELP,
            Kind::Feedback | Kind::Letters | Kind::Received | Kind::Messages | Kind::Notes => {
                written(kind)
            }
            Kind::Asked | Kind::Nominations | Kind::Interest => asked::asked(kind),
            _ => technical::technical(kind),
        }
    }

    const fn of_a_booking(self, kind: Kind, days: Duration) -> Rule {
        match kind {
            Kind::Hold => rule(
                kind,
                ("What you typed when you did not finish booking", "So that you can go on"),
                TASK,
                (Duration::hours(20), "your places were let go"),
                Fate::Counted,
            ),
            Kind::Needs => rule(
                kind,
                (
                    "Food and access needs, how you stay overnight and travel, what you answered to questions \
                     that are marked as sensitive, and why and for whom you asked for help with coming",
                    "So that you can take part and eat; seen by the session's trainers and organisers only",
                ),
                CONSENT,
                (days, LAST_DAY),
                Fate::Erased,
            ),
            Kind::Guardian => rule(
                kind,
                (
                    "A guardian's name and contact, for people under 18",
                    "So that we can reach an adult who is responsible",
                ),
                "Legitimate interests: the safety of children",
                (days, LAST_DAY),
                Fate::Erased,
            ),
            Kind::Words => rule(
                kind,
                (
                    "Reasons and answers in your own words: for a nomination, for giving up a place, to questions of a form",
                    "So that an organiser can decide and answer",
                ),
                TASK,
                (days, LAST_DAY),
                Fate::Erased,
            ),
            _ => rule(
                kind,
                (
                    "Names, email addresses, telephone numbers, who came, with or without a booking",
                    "To send your booking and its changes, for sign-in sheets and certificates, and to know who has \
                     done which course",
                ),
                TASK,
                (Duration::days(3 * 365), LAST_DAY),
                Fate::Counted,
            ),
        }
    }
}

/// What was written.
const fn written(kind: Kind) -> Rule {
    const YEAR: Duration = Duration::days(365);
    match kind {
        Kind::Feedback => rule(
            kind,
            ("What you would change about a session", "To make the next one better"),
            TASK,
            (YEAR, "you wrote it"),
            Fate::Counted,
        ),
        Kind::Letters => rule(
            kind,
            ("Letters to you and opened links", "To know what you were told, and to send it again"),
            TASK,
            (YEAR, "it was written"),
            Fate::Counted,
        ),
        Kind::Received => rule(
            kind,
            ("Mail you sent us, and answers of your calendar", "To answer you"),
            TASK,
            (YEAR, "it came"),
            Fate::Counted,
        ),
        Kind::Notes => rule(
            kind,
            (
                "What staff noted about a booking, a person or an institution, for each other",
                "So that whoever answers you next knows what was agreed",
            ),
            TASK,
            (
                Duration::days(3 * 365),
                "it was written; of a booking or a person, no longer than the names",
            ),
            Fate::Erased,
        ),
        _ => rule(
            kind,
            ("Messages an organiser wrote to people of a session", "To know who was told what"),
            TASK,
            (YEAR, "it was written"),
            Fate::Counted,
        ),
    }
}

impl Rule {
    /// Until when data must be older to be due at `now`.
    pub fn due(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.keep
    }

    /// The same for data that should be gone since a while: the work is behind.
    pub fn overdue(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.keep - GRACE
    }

    /// How long, in words: `30 days after the last day of the session`.
    pub fn how_long(&self) -> String {
        let days = self.keep.num_days();
        let length = match days {
            0 => "Less than a day".to_owned(),
            1 => "1 day".to_owned(),
            365 => "1 year".to_owned(),
            days if days % 365 == 0 => format!("{} years", days / 365),
            days => format!("{days} days"),
        };
        format!("{length} after {}", self.after)
    }
}

/// The table, as a page or a document shows it.
pub fn table(retention: Retention) -> Vec<Rule> {
    Kind::ALL.iter().map(|kind| retention.rule(*kind)).collect()
}

#[cfg(test)]
mod tests;
