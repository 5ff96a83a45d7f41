//! Booking, step by step.

use askama::Template;

use super::super::{form::FormState, page::Chrome};
use crate::domain::{
    institution::Institution,
    place::{Place, PlaceStatus},
    registration::Registration,
    session::Session,
    wording,
};

/// Step 1: how many places, and who is booking.
#[derive(Debug, Template)]
#[template(path = "public/book.html")]
pub struct BookingStart {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The institutions to choose from, by alliance.
    pub groups: Vec<(String, Vec<Institution>)>,
    /// What was typed.
    pub form: FormState,
}

impl BookingStart {
    fn numbers(&self) -> Vec<String> {
        (1..=self.session.places_per_booking).map(|number| number.to_string()).collect()
    }
}

/// Step 2: who is coming, while the places are held.
#[derive(Debug, Template)]
#[template(path = "public/book_people.html")]
pub struct BookingPeople {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What is held.
    pub registration: Registration,
    /// What happened to the hold, if it ran out.
    pub notice: Option<String>,
    /// Until when the places are held; empty if they are not.
    pub until_words: String,
    /// Step 1.
    pub start_href: String,
    /// This step.
    pub people_href: String,
    /// Where the hold is made longer.
    pub hold_href: String,
    /// What was typed.
    pub form: FormState,
}

impl BookingPeople {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn is_leader(&self, place: &Place) -> bool {
        let leader = &self.registration.leader;
        place.attendee.as_ref().is_some_and(|who| who.name == leader.name) && place.number == 1
    }

    fn last(&self) -> u32 {
        self.held().last().map_or(1, |place| place.number)
    }
}

/// Step 3: check, then book.
#[derive(Debug, Template)]
#[template(path = "public/book_check.html")]
pub struct BookingCheck {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What is held.
    pub registration: Registration,
    /// Until when.
    pub until_words: String,
    /// Step 1.
    pub start_href: String,
    /// Step 2.
    pub people_href: String,
    /// This step.
    pub check_href: String,
    /// Whether the box was ticked.
    pub form: FormState,
}

impl BookingCheck {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn count(&self) -> String {
        wording::count(self.held().len(), "place", "places")
    }
}

/// Booked, or asked for.
#[derive(Debug, Template)]
#[template(path = "public/booked.html")]
pub struct Booked {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What was booked.
    pub registration: Registration,
    /// The session's calendar file.
    pub ics_href: String,
    /// The leader's private page.
    pub manage_href: String,
}

impl Booked {
    fn people(&self) -> Vec<&Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open()).collect()
    }

    fn is_request(&self) -> bool {
        self.registration.places_in(PlaceStatus::Requested).next().is_some()
    }

    fn names(&self, with_email: bool) -> String {
        let leader = &self.registration.leader.name;
        let names: Vec<&str> = self
            .people()
            .into_iter()
            .filter_map(|place| place.attendee.as_ref())
            .filter(|who| who.email.is_some() == with_email && who.name != *leader)
            .map(|who| who.name.as_str())
            .collect();
        wording::list(&names)
    }

    fn everybody(&self) -> String {
        let name = |place: &&Place| {
            place.attendee.as_ref().map_or("name to follow", |who| who.name.as_str()).to_owned()
        };
        wording::list(&self.people().iter().map(name).collect::<Vec<_>>())
    }
}
