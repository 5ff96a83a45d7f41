//! People who ask for places: one answer for each booking.

use askama::Template;
use chrono_tz::Tz;

use crate::{
    domain::{
        occupancy::Occupancy, place::PlaceStatus, registration::Registration, session::Session,
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
}

impl RequestsPage {
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
