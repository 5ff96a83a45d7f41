//! Asking the leader before places are given up.

use askama::Template;

use super::{booking::told, words};
use crate::{
    domain::{
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    web::page::Chrome,
};

/// Asking before one place is given up. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/cancel.html")]
pub struct CancelPlacePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// The booking.
    pub registration: Registration,
    /// The place to give up.
    pub place: Place,
    /// The private link's path, `/r/<token>`.
    pub base: String,
}

impl CancelPlacePage {
    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// `Cancel Leila Haddad’s place?`
    pub fn heading(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("Cancel {}\u{2019}s place?", attendee.name),
            None => format!("Cancel the place for person {}?", self.place.number),
        }
    }

    /// Whether the place is theirs, so that somebody else could take it.
    pub fn is_confirmed(&self) -> bool {
        self.place.state.status() == PlaceStatus::Confirmed
    }

    /// Who keeps a place.
    pub fn still_coming(&self) -> String {
        let others = self.registration.confirmed().filter(|place| place.id != self.place.id);
        let names: Vec<String> = others.map(words::called).collect();
        if names.is_empty() { "Nobody else".to_owned() } else { wording::list(&names) }
    }
}

/// Asking before the whole booking is given up. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/cancel_all.html")]
pub struct CancelAllPage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// The booking.
    pub registration: Registration,
    /// The private link's path, `/r/<token>`.
    pub base: String,
}

impl CancelAllPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// `all 3 places`.
    pub fn places(&self) -> String {
        match self.open().count() {
            1 => "your place".to_owned(),
            2 => "both places".to_owned(),
            count => format!("all {count} places"),
        }
    }

    /// Whom we will write to.
    pub fn told(&self) -> Option<String> {
        let people = told(&self.registration, self.open())?;
        Some(match people.strip_prefix("you") {
            Some(rest) => format!("You{rest}"),
            None => people,
        })
    }

    fn open(&self) -> impl Iterator<Item = &Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open())
    }
}

/// Asking before a team stops waiting.
#[derive(Template)]
#[template(path = "leader/leave_list.html")]
pub struct LeaveListPage {
    /// The frame.
    pub chrome: Chrome,
    /// What they wait for.
    pub session: Session,
    /// The booking.
    pub registration: Registration,
    /// The private link's path, `/r/<token>`.
    pub base: String,
}

impl LeaveListPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// Who stops waiting.
    pub fn waiting(&self) -> String {
        let waiting = self.registration.places_in(PlaceStatus::Waiting);
        wording::list(&waiting.map(words::called).collect::<Vec<_>>())
    }

    /// Who keeps a place all the same.
    pub fn still_coming(&self) -> Option<String> {
        let names: Vec<String> = self.registration.confirmed().map(words::called).collect();
        if names.is_empty() { None } else { Some(wording::list(&names)) }
    }
}
