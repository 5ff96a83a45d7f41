//! What a visitor looks for in the catalogue.

use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::{
    finding::Wanted,
    id::{AllianceSlug, CourseSlug},
    session::Session,
};

/// A calendar month, such as `2027-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month a day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The first of the month.
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
    /// Held by video call.
    Online,
    /// Held at a venue, with or without a call beside it.
    InPerson,
}

super::vocabulary::words!(Format { Online => "online", InPerson => "in-person" });

/// What a visitor looks for; every part narrows the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogueFilter {
    /// Words to find in the course, the venue, the alliance or the note.
    pub words: Option<String>,
    /// Only sessions that this alliance runs.
    pub alliance: Option<AllianceSlug>,
    /// Only scheduled runs of this course.
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

    /// Whether it lets a session through.
    pub fn matches(&self, session: &Session) -> bool {
        let alliance = self.alliance.as_ref().is_none_or(|slug| *slug == session.alliance.slug);
        let course = self.course.as_ref().is_none_or(|slug| *slug == session.course.slug);
        let format = self
            .format
            .is_none_or(|format| (format == Format::Online) == session.location.is_online());
        let month = self.month.is_none_or(|month| {
            session.sittings.iter().any(|sitting| Month::of(sitting.starts.date()) == month)
        });
        alliance && course && format && month && self.finds_words(session)
    }

    /// Whether every word stands somewhere in what the catalogue shows of the session.
    fn finds_words(&self, session: &Session) -> bool {
        let Some(words) = &self.words else { return true };
        let shown = [
            session.course.title.as_str(),
            &session.course.summary,
            &session.alliance.name,
            &session.location.public_line(),
            session.note.as_deref().unwrap_or_default(),
            session.code.as_str(),
        ];
        Wanted::typed(words).is_among(shown)
    }
}
