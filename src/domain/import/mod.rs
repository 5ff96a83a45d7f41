//! A table somebody brings in from a spreadsheet: which column is what, what its cells say, and what is
//! wrong with them. Whatever cannot be told for certain is a fault with its row, or a question.

mod bookings;
mod cells;
mod columns;
mod institutions;
mod moments;
mod people;
#[cfg(test)]
mod samples;
mod sessions;

use std::{collections::BTreeMap, fmt};

pub use bookings::{BookingRow, Grouped, bookings};
pub use columns::{Field, fields, guessed};
pub use institutions::{InstitutionRow, institutions};
pub use moments::DateOrder;
pub use people::{PersonRow, people};
pub use sessions::{SessionRows, sessions};

use super::{
    alliance::Alliance, course::Course, id::StaffLogin, institution::Institution, vocabulary::words,
};

/// What a file can bring in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// Institutions for the list.
    Institutions,
    /// People who come to one session.
    Bookings,
    /// Sessions, as drafts.
    Sessions,
    /// People to know beforehand.
    People,
}

words!(ImportKind {
    Institutions => "institutions",
    Bookings => "bookings",
    Sessions => "sessions",
    People => "people",
});

/// The most rows a file brings in at once: as many as somebody can look through.
pub const MOST_ROWS: usize = 2_000;
/// The most columns a file has.
pub const MOST_COLUMNS: usize = 60;

/// A table as a spreadsheet has it: what stands on top, and each row with its number there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// What stands over each column.
    pub heads: Vec<String>,
    /// The rows that hold something, the head being row 1.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Sheet {
    /// The heading of a column, or its letter where nothing stands over it: `column C`.
    pub fn heading(&self, column: usize) -> String {
        match self.heads.get(column).map(|head| head.trim()) {
            Some(head) if !head.is_empty() => head.to_owned(),
            _ => format!("column {}", column + 1),
        }
    }
}

/// What somebody said of a file: `column-0` to a field, how dates are written, what holds for every row, and
/// `row-7` where a row was asked about.
pub type Said = BTreeMap<String, String>;

/// The answer of a form, empty where nothing was said.
pub fn said<'a>(all: &'a Said, name: &str) -> &'a str {
    all.get(name).map_or("", |text| text.trim())
}

/// Something in a file that cannot be used, and what would do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFault {
    /// The row as the spreadsheet counts it; 0 for the whole file.
    pub row: u32,
    /// The heading of the column it is about.
    pub column: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.row > 0 {
            write!(f, "Row {}", self.row)?;
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

/// What is known already, against which rows are read.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The alliances whoever brings the file may write to.
    pub alliances: Vec<Alliance>,
    /// The institutions on the list.
    pub institutions: Vec<Institution>,
    /// The courses that are taught.
    pub courses: Vec<Course>,
    /// Who can lead a session: login and name.
    pub trainers: Vec<(StaffLogin, String)>,
}

/// What is done with a row that may be somebody or something known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is the one of this key.
    Same(String),
    /// It is another one.
    Another,
    /// It is left out.
    Leave,
}

/// What was chosen where it was asked under this name.
pub fn choice(all: &Said, name: &str) -> Option<Choice> {
    match said(all, name) {
        "another" => Some(Choice::Another),
        "leave" => Some(Choice::Leave),
        other => other.strip_prefix("same:").map(|key| Choice::Same(key.to_owned())),
    }
}

/// A row that may be somebody or something known: asked about, never guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// How a form names the question: `row-7`, or `from-7` for whom row 7 comes for.
    pub name: String,
    /// The row.
    pub row: u32,
    /// What stands in it, in words.
    pub says: String,
    /// What it may be: a key, and words that tell it.
    pub alike: Vec<(String, String)>,
    /// What was chosen.
    pub chosen: Option<Choice>,
}

impl Doubt {
    /// A question, with what was chosen.
    pub fn new(
        (about, row): (&str, u32),
        says: String,
        alike: Vec<(String, String)>,
        all: &Said,
    ) -> Self {
        let name = format!("{about}-{row}");
        let chosen = choice(all, &name);
        Self { name, row, says, alike, chosen }
    }

    /// Whether the row is left out by what was chosen.
    pub fn leaves_out(&self) -> bool {
        matches!(self.chosen, Some(Choice::Same(_) | Choice::Leave))
    }

    /// Whether this answer was given, as a form sends it.
    pub fn is_chosen(&self, answer: &str) -> bool {
        match &self.chosen {
            Some(Choice::Same(key)) => answer.strip_prefix("same:") == Some(key),
            Some(Choice::Another) => answer == "another",
            Some(Choice::Leave) => answer == "leave",
            None => false,
        }
    }
}

/// What a file would make, with everything that stands against it.
#[derive(Debug, Clone)]
pub struct Read<T> {
    /// What can be used.
    pub rows: Vec<T>,
    /// What cannot.
    pub faults: Vec<RowFault>,
    /// The first date that can be read in two ways, if somebody has not said which it is.
    pub ambiguous: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_that_was_given_is_the_one_that_stands_chosen() {
        let answers = ["same:M1", "same:M2", "another", "leave", ""];
        for given in answers {
            let all = Said::from([("row-7".to_owned(), given.to_owned())]);
            let alike = vec![("M1".to_owned(), "St Mary".to_owned())];
            let doubt = Doubt::new(("row", 7), "Saint Mary".to_owned(), alike, &all);
            let chosen: Vec<_> = answers.into_iter().filter(|one| doubt.is_chosen(one)).collect();
            let expected: Vec<_> =
                Some(given).filter(|given| !given.is_empty()).into_iter().collect();
            assert_eq!(chosen, expected);
            assert_eq!(doubt.leaves_out(), given.starts_with("same") || given == "leave");
        }
    }

    #[test]
    fn a_column_without_a_heading_goes_by_its_number() {
        let heads = vec![" Name ".to_owned(), "  ".to_owned()];
        let sheet = Sheet { heads, rows: Vec::new() };
        assert_eq!([0, 1, 2].map(|at| sheet.heading(at)), ["Name", "column 2", "column 3"]);
    }

    #[test]
    fn what_was_said_is_read_without_the_blanks_around_it() {
        let all = Said::from([("dates".to_owned(), " day-first ".to_owned())]);
        assert_eq!((said(&all, "dates"), said(&all, "alliance")), ("day-first", ""));
        let same = Said::from([("from-7".to_owned(), "same:I0001".to_owned())]);
        assert_eq!(choice(&same, "from-7"), Some(Choice::Same("I0001".to_owned())));
        assert_eq!(choice(&same, "row-7"), None);
    }

    #[test]
    fn a_fault_says_where_it_stands_unless_it_is_about_the_whole_file() {
        let fault = |row, column: Option<&str>| {
            let (column, message) = (column.map(str::to_owned), "enter a name".to_owned());
            RowFault { row, column, message }.to_string()
        };
        assert_eq!(fault(0, None), "enter a name");
        assert_eq!(fault(1, None), "Row 1: enter a name");
        assert_eq!(fault(7, Some("Name")), "Row 7, Name: enter a name");
    }
}
