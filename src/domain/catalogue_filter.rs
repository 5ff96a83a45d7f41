//! What a visitor looks for in the catalogue.

use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::id::{AllianceSlug, CourseSlug};

/// A calendar month, such as `2027-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month a day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0 + Months::new(1))
    }

    /// As in URLs: `2027-01`.
    pub fn code(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// As people read it: `January 2027`.
    pub fn name(self) -> String {
        self.0.format("%B %Y").to_string()
    }
}

/// A text that is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month: it looks like 2027-01")]
pub struct InvalidMonth;

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let well_formed = text.len() == 7 && text.is_ascii();
        let day = format!("{text}-01").parse::<NaiveDate>().map_err(|_| InvalidMonth)?;
        let sensible = (1970..=9998).contains(&day.year());
        if well_formed && sensible { Ok(Self(day)) } else { Err(InvalidMonth) }
    }
}

/// How people take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// By video call.
    Online,
    /// In a room.
    InPerson,
}

super::vocabulary::words!(Format { Online => "online", InPerson => "in-person" });

/// What a visitor looks for; every part narrows the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogueFilter {
    /// Words to find in the course, the venue, the alliance or the note.
    pub words: Option<String>,
    /// Only this alliance's.
    pub alliance: Option<AllianceSlug>,
    /// Only this course's.
    pub course: Option<CourseSlug>,
    /// Only those with a sitting in this month.
    pub month: Option<Month>,
    /// Only online, or only in a room.
    pub format: Option<Format>,
}

impl CatalogueFilter {
    /// Whether it narrows nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
