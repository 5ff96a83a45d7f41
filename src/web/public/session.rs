//! A session's page.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{super::page::Chrome, add_links::AddLinks, json_ld::JsonLd, places_words::PlacesWords};
use crate::domain::{
    session::{BookingMode, BookingStatus, Publication, Session},
    sitting::Sitting,
    wording,
};

/// Places this browser holds, so that its own hold never says "full" to it.
#[derive(Debug, Clone)]
pub struct OwnHold {
    /// How many.
    pub places: u32,
    /// Until when, such as `10.42am`.
    pub until_words: String,
    /// Where to go on.
    pub href: String,
}

impl OwnHold {
    fn words(&self) -> String {
        wording::count(self.places as usize, "place", "places")
    }
}

/// A session's page.
#[derive(Debug, Template)]
#[template(path = "public/session.html")]
pub struct SessionPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Other dates of the course with places.
    pub others: Vec<Session>,
    /// What this browser holds.
    pub held: Option<OwnHold>,
    /// What search engines and other programs read.
    pub json_ld: JsonLd,
    /// The page's own address.
    pub url: String,
    /// Now.
    pub now: DateTime<Utc>,
}

impl SessionPage {
    /// One sentence for whoever the page is sent to.
    fn preview(&self) -> String {
        let (days, hours) = (wording::days(&self.session), wording::hours(&self.session));
        format!("{days}, {hours}, {}", self.session.location.public_line())
    }

    fn add_links(&self) -> Vec<(String, AddLinks)> {
        let links = |sitting: &Sitting| AddLinks::to(&self.session, sitting, &self.url);
        self.session
            .sittings
            .iter()
            .map(|one| (wording::date(one.starts.date()), links(one)))
            .collect()
    }

    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn is_cancelled(&self) -> Option<&str> {
        match &self.session.publication {
            Publication::Cancelled { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether every place is taken while it could still be booked.
    fn is_full(&self) -> bool {
        matches!(self.session.booking_status(self.now), BookingStatus::Open { .. })
            && self.session.occupancy.open_to_all() == 0
    }

    fn by_application(&self) -> bool {
        self.session.mode == BookingMode::Approval
    }

    fn closes(&self) -> String {
        let closes = self.session.closes_at();
        closes.map_or_else(String::new, |at| wording::moment(at, self.session.zone()))
    }

    /// Whether a phrase about access says what is missing.
    fn is_barrier(&self, phrase: &str) -> bool {
        phrase.starts_with("no ") || (phrase.contains("step") && !phrase.contains("step-free"))
    }

    fn initials(&self, name: &str) -> String {
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
    }
}
