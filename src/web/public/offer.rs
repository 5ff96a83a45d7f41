//! An offer from the waiting list: answered on one page, without an account.

use askama::Template;
use chrono::{DateTime, Utc};

use super::super::{form::FormState, page::Chrome};
use crate::domain::{
    occupancy::TeamPolicy,
    place::{Place, PlaceStatus},
    registration::Registration,
    session::Session,
    wording,
};

/// An offer that can be answered.
#[derive(Debug, Template)]
#[template(path = "public/offer.html")]
pub struct OfferPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Whose places they are.
    pub registration: Registration,
    /// Until when they are kept.
    pub until: DateTime<Utc>,
    /// Where the answer goes.
    pub href: String,
    /// What must be put right.
    pub form: FormState,
    /// Now.
    pub now: DateTime<Utc>,
}

impl OfferPage {
    fn offered(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Offered).collect()
    }

    fn count(&self) -> String {
        wording::count(self.offered().len(), "place", "places")
    }

    fn heading(&self) -> &'static str {
        if self.offered().len() == 1 {
            "A place is yours if you want it"
        } else {
            "Places are yours if you want them"
        }
    }

    /// Whom the places are for: `Tomasz Zielinski`, or `Tomasz Zielinski and 1 name to follow`.
    fn whom(&self) -> String {
        let offered = self.offered();
        let mut names: Vec<String> = offered
            .iter()
            .filter_map(|place| place.attendee.as_ref())
            .map(|attendee| attendee.name.to_string())
            .collect();
        let unnamed = offered.len() - names.len();
        if names.is_empty() {
            return self.registration.leader.name.to_string();
        }
        if unnamed > 0 {
            names.push(wording::count(unnamed, "name to follow", "names to follow"));
        }
        wording::list(&names)
    }

    fn deadline(&self) -> String {
        wording::moment(self.until, self.session.zone())
    }

    fn machine_deadline(&self) -> String {
        self.until.to_rfc3339()
    }

    fn zone(&self) -> String {
        wording::zone(self.session.zone())
    }

    /// How long there is, roughly: `21 hours`, `3 days`.
    fn left(&self) -> String {
        let left = self.until - self.now;
        let number = |value: i64| usize::try_from(value).unwrap_or(0);
        match left.num_hours() {
            0 => wording::count(number(left.num_minutes().max(1)), "minute", "minutes"),
            hours if hours < 48 => wording::count(number(hours), "hour", "hours"),
            _ => wording::count(number(left.num_days()), "day", "days"),
        }
    }

    /// Whether she may take some of them and leave the others (B4).
    fn may_choose(&self) -> bool {
        self.offered().len() > 1 && self.registration.team == TeamPolicy::AsManyAsPossible
    }

    fn name_of(&self, place: &Place) -> String {
        match &place.attendee {
            Some(attendee) => attendee.name.to_string(),
            None => format!("Person {}, name to follow", place.number),
        }
    }
}

/// An offer that was answered, or ended without an answer.
#[derive(Debug, Template)]
#[template(path = "public/offer_ended.html")]
pub struct OfferEndedPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Whose places they were.
    pub registration: Registration,
    /// Where it stands in the queue now, if some of its places wait.
    pub position: Option<usize>,
    /// Whether the places can wait again.
    pub can_wait: bool,
    /// The leader's private page.
    pub manage_href: String,
}

impl OfferEndedPage {
    fn is_booked(&self) -> bool {
        self.registration.confirmed().next().is_some()
    }

    fn has_lapsed(&self) -> bool {
        self.registration.places_in(PlaceStatus::Lapsed).next().is_some()
    }
}

/// Off the waiting list.
#[derive(Debug, Template)]
#[template(path = "public/list_left.html")]
pub struct ListLeftPage {
    /// The frame.
    pub chrome: Chrome,
}
