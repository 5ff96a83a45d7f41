//! The catalogue.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{super::page::Chrome, places_words::PlacesWords};
use crate::domain::{
    alliance::Alliance,
    catalogue_filter::{CatalogueFilter, Format, Month},
    id::CourseSlug,
    session::Session,
    wording,
};

/// What the filters offer.
#[derive(Debug, Clone)]
pub struct FilterChoices {
    /// Every alliance.
    pub alliances: Vec<Alliance>,
    /// Every course with its title.
    pub courses: Vec<(CourseSlug, String)>,
    /// The months with a sitting.
    pub months: Vec<Month>,
}

/// The catalogue.
#[derive(Debug, Template)]
#[template(path = "public/catalogue.html")]
pub struct CataloguePage {
    /// The frame.
    pub chrome: Chrome,
    /// What was asked for.
    pub filter: CatalogueFilter,
    /// What can be asked for.
    pub choices: FilterChoices,
    /// This page's sessions, in order of time.
    pub sessions: Vec<Session>,
    /// How many there are on all pages.
    pub total: usize,
    /// Which page, from 1.
    pub page: u32,
    /// How many pages.
    pub pages: u32,
    /// The next training that can be booked.
    pub next: Option<Session>,
    /// Wider searches: label, address, how many they find.
    pub wider: Vec<(String, String, usize)>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl CataloguePage {
    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn months(&self) -> Vec<(Month, Vec<&Session>)> {
        let mut months: Vec<(Month, Vec<&Session>)> = Vec::new();
        for session in &self.sessions {
            let Some(first) = session.sittings.first() else { continue };
            let month = Month::of(first.starts.date());
            match months.iter_mut().find(|(known, _)| *known == month) {
                Some((_, sessions)) => sessions.push(session),
                None => months.push((month, vec![session])),
            }
        }
        months
    }

    fn closes(&self, session: &Session) -> String {
        let closes = session.closes_at().map(|at| wording::moment(at, session.zone()));
        closes.map_or_else(String::new, |at| format!("Book by {at}"))
    }

    fn is_alliance(&self, alliance: &Alliance) -> bool {
        self.filter.alliance.as_ref() == Some(&alliance.slug)
    }

    fn is_course(&self, slug: &CourseSlug) -> bool {
        self.filter.course.as_ref() == Some(slug)
    }

    fn is_month(&self, month: &Month) -> bool {
        self.filter.month.as_ref() == Some(month)
    }

    fn is_format(&self, word: &str) -> bool {
        self.filter.format.is_some_and(|format: Format| format.as_str() == word)
    }

    fn typed(&self) -> &str {
        self.filter.words.as_deref().unwrap_or_default()
    }

    /// The address of another page of the same search.
    fn page_href(&self, page: u32) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let filter = &self.filter;
        let parts = [
            ("q", filter.words.clone()),
            ("alliance", filter.alliance.as_ref().map(ToString::to_string)),
            ("course", filter.course.as_ref().map(ToString::to_string)),
            ("month", filter.month.map(Month::code)),
            ("format", filter.format.map(|format| format.to_string())),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("/?{}", query.finish())
    }
}
