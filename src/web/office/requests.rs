//! People who ask for places: one answer for each booking.

use askama::Template;
use chrono_tz::Tz;

use crate::{
    domain::{
        occupancy::{Occupancy, TeamPolicy},
        place::PlaceStatus,
        registration::Registration,
        session::Session,
        wording,
    },
    web::{office::stamp, page::Chrome},
};

/// Everybody who asks for places on a session, oldest first.
#[derive(Template)]
#[template(path = "office/requests.html")]
pub struct RequestsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The session.
    pub session: Session,
    /// The bookings that ask.
    pub asking: Vec<Registration>,
    /// Who waits or is offered places, first in the queue first.
    pub waiting: Vec<Registration>,
}

/// The sessions somebody is asked about.
#[derive(Template)]
#[template(path = "office/requests_list.html")]
pub struct RequestsListPage {
    /// The frame.
    pub chrome: Chrome,
    /// Each session with how many people ask, soonest first.
    pub sessions: Vec<(Session, usize)>,
}

impl RequestsListPage {
    fn asking(&self, people: &usize) -> String {
        wording::count(*people, "person asks", "people ask")
    }
}

impl RequestsPage {
    /// What somebody in the queue waits for, or until when it is offered.
    pub fn standing(&self, one: &Registration) -> String {
        let count = |status| one.places_in(status).count();
        let waiting = count(PlaceStatus::Waiting);
        match one.offered_until() {
            Some(until) => {
                let offered = wording::count(count(PlaceStatus::Offered), "place", "places");
                let until = wording::moment(until, self.session.zone());
                format!("{offered} offered until {until}")
            }
            None if one.team == TeamPolicy::Together && waiting > 1 => {
                format!("{waiting} people, all together")
            }
            None => wording::count(waiting, "person", "people"),
        }
    }

    fn places(&self, registration: &Registration) -> String {
        let count = registration.places_in(PlaceStatus::Requested).count();
        wording::count(count, "place", "places")
    }

    fn names(&self, registration: &Registration) -> String {
        let places = registration.places_in(PlaceStatus::Requested);
        let names = places.map(|place| {
            place.attendee.as_ref().map_or("name to follow", |attendee| attendee.name.as_str())
        });
        wording::list(&names.collect::<Vec<_>>())
    }

    fn zone(&self) -> Tz {
        self.session.zone()
    }

    fn when(&self, registration: &Registration) -> String {
        registration.booked_at.map_or_else(String::new, |at| stamp(at, self.zone()))
    }

    fn free(&self) -> String {
        let Occupancy { capacity, .. } = self.session.occupancy;
        format!("{} of {capacity} places are free", self.session.occupancy.free())
    }
}
