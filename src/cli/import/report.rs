//! What an import did, and what it left alone.

use std::fmt;

use crate::domain::wording;

/// The rows of a file: those that were new, and those that were there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Added now.
    pub new: usize,
    /// There already, just as in the file.
    pub known: usize,
    /// There already, and different from the file: left as they are, since somebody may have
    /// changed them on the pages.
    pub changed: Vec<Changed>,
}

/// A row that says something else than what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The line it stands on, the header being 1.
    pub line: u64,
    /// Its key.
    pub key: String,
    /// The columns that differ.
    pub columns: Vec<&'static str>,
}

impl Counted {
    /// Counts a row; `differs` are the columns in which it differs from what was there before.
    pub(super) fn add(
        &mut self,
        is_new: bool,
        line: u64,
        key: impl ToString,
        differs: Option<Vec<&'static str>>,
    ) {
        match differs {
            _ if is_new => self.new += 1,
            Some(columns) if !columns.is_empty() => {
                self.changed.push(Changed { line, key: key.to_string(), columns });
            }
            _ => self.known += 1,
        }
    }
}

/// Whether people of new bookings are written to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Letters {
    /// Nobody is: they know from whoever kept the files, and hear of what changes.
    #[default]
    None,
    /// Each gets what she would have got had she booked on the pages.
    Written,
}

/// The names of the columns that differ.
pub(super) fn differing<const N: usize>(columns: [(&'static str, bool); N]) -> Vec<&'static str> {
    columns.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows of `alliances.csv`.
    pub alliances: Counted,
    /// Rows of `institutions.csv`.
    pub institutions: Counted,
    /// Rows of `courses.csv`.
    pub courses: Counted,
    /// Rows of `staff.csv`.
    pub staff: Counted,
    /// Rows of `venues.csv`.
    pub venues: Counted,
    /// Rows of `sessions.csv`, with their sittings.
    pub sessions: Counted,
    /// Rows of `attendances.csv`.
    pub attendances: Counted,
    /// Rows of `questions.csv`.
    pub questions: Counted,
    /// Sessions of `help.csv`.
    pub help: Counted,
    /// Rows of `answers.csv`.
    pub answers: Counted,
    /// Rows of `rooms.csv`.
    pub rooms: Counted,
    /// Rows of `stays.csv`.
    pub stays: Counted,
    /// Rows of `paths.csv`, one for each version.
    pub paths: Counted,
    /// Rows of `path_people.csv`.
    pub path_people: Counted,
    /// Rows of `path_records.csv`.
    pub path_records: Counted,
    /// Rows of `handouts.csv`.
    pub handouts: Counted,
    /// Rows of `feedback_questions.csv`.
    pub feedback_questions: Counted,
    /// Rows of `nominations.csv`.
    pub nominations: Counted,
    /// Rows of `invitations.csv`.
    pub invitations: Counted,
    /// Rows of `interests.csv`.
    pub interests: Counted,
    /// Bookings, of one row or several of `registrations.csv`.
    pub registrations: Counted,
    /// Whether the people of new registrations are written to.
    pub letters: Letters,
    /// Places in new registrations.
    pub places: usize,
    /// Bookings the rules did not let in, with why.
    pub refused: Vec<String>,
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = [
            ("alliances", &self.alliances),
            ("institutions", &self.institutions),
            ("courses", &self.courses),
            ("staff", &self.staff),
            ("venues", &self.venues),
            ("sessions", &self.sessions),
            ("attendances", &self.attendances),
            ("paths", &self.paths),
            ("path_people", &self.path_people),
            ("path_records", &self.path_records),
            ("registrations", &self.registrations),
            ("help", &self.help),
            ("questions", &self.questions),
            ("answers", &self.answers),
            ("rooms", &self.rooms),
            ("stays", &self.stays),
            ("handouts", &self.handouts),
            ("feedback_questions", &self.feedback_questions),
            ("nominations", &self.nominations),
            ("invitations", &self.invitations),
            ("interests", &self.interests),
        ];
        for (name, Counted { new, known, changed }) in files {
            write!(f, "  {name:<14} {new} new, {known} already there")?;
            match changed.len() {
                0 => writeln!(f)?,
                count => writeln!(f, ", {count} changed in the file")?,
            }
        }
        write!(f, "  {:<14} {}", "places", self.places)?;
        for (name, Counted { changed, .. }) in files {
            for Changed { line, key, columns } in changed {
                let columns = columns.join(", ");
                write!(f, "\n  left as it is: {name}.csv line {line}, {key}: {columns} differs")?;
            }
        }
        for refusal in &self.refused {
            write!(f, "\n  not booked: {refusal}")?;
        }
        match (self.letters, self.registrations.new) {
            (Letters::Written, 0) => write!(f, "\nLetters: none, since no booking is new."),
            (Letters::Written, new) => {
                let bookings = wording::count(new, "new booking", "new bookings");
                write!(f, "\nLetters: we write to the people of {bookings}.")
            }
            (Letters::None, 0) => write!(f, "\nLetters: none were written."),
            (Letters::None, new) => {
                let bookings = wording::count(new, "new booking", "new bookings");
                write!(
                    f,
                    "\nLetters: none were written. {bookings} can be told one by one on the \
                     office's page of each; with --send-letters, an import writes to the people of \
                     what is new."
                )
            }
        }
    }
}

/// Whether a column that may be left out says something else than what is there; one that says nothing
/// leaves what is there as it is.
pub(super) fn says_other<T: PartialEq>(file: &Option<T>, there: &Option<T>) -> bool {
    file.is_some() && file != there
}
