//! Bookings as the office looks after them.

use askama::Template;

use crate::{
    domain::{
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    web::{
        form::FormState,
        leader::words::{StateWords, called, state},
        office::stamp,
        page::Chrome,
    },
};

/// Every booking of a session.
#[derive(Template)]
#[template(path = "office/bookings.html")]
pub struct BookingsPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Its bookings, latest first.
    pub bookings: Vec<Registration>,
    /// What was searched for.
    pub words: String,
}

impl BookingsPage {
    fn action(&self) -> String {
        format!("/office/sessions/{}/bookings", self.session.code)
    }

    fn when(&self, one: &Registration) -> String {
        one.booked_at.map_or_else(String::new, |at| stamp(at, self.session.zone()))
    }

    /// `3 booked, 1 waiting`.
    fn standing(&self, one: &Registration) -> String {
        let said = [
            (PlaceStatus::Confirmed, "booked"),
            (PlaceStatus::Offered, "offered"),
            (PlaceStatus::Waiting, "waiting"),
            (PlaceStatus::Requested, "to decide"),
        ];
        let said = said.map(|(status, words)| (one.places_in(status).count(), words));
        let said = said.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said.map(|(count, words)| format!("{count} {words}")).collect();
        if said.is_empty() { "no place any more".to_owned() } else { said.join(", ") }
    }
}

/// One booking.
#[derive(Template)]
#[template(path = "office/booking.html")]
pub struct BookingPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The session.
    pub session: Session,
    /// The booking.
    pub booking: Registration,
}

impl BookingPage {
    fn when(&self) -> String {
        self.booking.booked_at.map_or_else(String::new, |at| stamp(at, self.session.zone()))
    }

    fn name(&self, place: &Place) -> String {
        called(place)
    }

    fn email(&self, place: &Place) -> String {
        let email = place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
        email.map_or_else(|| "None given".to_owned(), ToString::to_string)
    }

    fn state(&self, place: &Place) -> StateWords {
        let booked = || StateWords { class: "tag--ok", words: "Has a place".to_owned() };
        state(place.state, self.session.zone()).unwrap_or_else(booked)
    }

    fn is_open(&self, place: &Place) -> bool {
        place.state.status().is_open()
    }

    fn open(&self) -> usize {
        self.booking.places.iter().filter(|place| self.is_open(place)).count()
    }

    fn waits(&self) -> bool {
        self.booking.queue().is_some()
    }
}

/// Cancelling places of a booking, on somebody's word.
#[derive(Template)]
#[template(path = "office/booking_cancel.html")]
pub struct BookingCancelPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The booking.
    pub booking: Registration,
    /// The number of the place; `None` for all.
    pub number: Option<u32>,
    /// The names of those it is about.
    pub names: Vec<String>,
    /// What is typed.
    pub form: FormState,
}

impl BookingCancelPage {
    fn heading(&self) -> String {
        match self.names.as_slice() {
            [one] => format!("Cancel the place of {one}?"),
            many => format!("Cancel all {} places?", many.len()),
        }
    }

    fn people(&self) -> String {
        wording::list(&self.names)
    }

    fn button(&self) -> String {
        format!("Cancel {}", wording::count(self.names.len(), "place", "places"))
    }
}

/// Another session to move to.
#[derive(Debug, Clone)]
pub struct Target {
    /// The session.
    pub session: Session,
    /// Whether it is of the same course.
    pub is_same_course: bool,
}

impl Target {
    fn words(&self) -> String {
        let (session, free) = (&self.session, self.session.occupancy.open_to_all());
        format!(
            "{}, {}, {}: {}",
            session.course.title,
            wording::days(session),
            session.location.short_name(),
            wording::count(free as usize, "place free", "places free")
        )
    }
}

/// Moving places to another session.
#[derive(Template)]
#[template(path = "office/booking_move.html")]
pub struct BookingMovePage {
    /// The frame.
    pub chrome: Chrome,
    /// The session they are on.
    pub session: Session,
    /// The booking.
    pub booking: Registration,
    /// Where they could go, the same course first, then by date.
    pub targets: Vec<Target>,
    /// What is typed.
    pub form: FormState,
}

impl BookingMovePage {
    fn open(&self) -> Vec<&Place> {
        let is_open = |place: &&Place| place.state.status().is_open();
        self.booking.places.iter().filter(is_open).collect()
    }

    fn name(&self, place: &Place) -> String {
        called(place)
    }

    fn is_chosen(&self, place: &Place) -> bool {
        self.form.is(&format!("place-{}", place.number), "1")
    }

    fn same_course(&self) -> Vec<&Target> {
        self.of_course(true)
    }

    fn other_courses(&self) -> Vec<&Target> {
        self.of_course(false)
    }

    fn of_course(&self, same: bool) -> Vec<&Target> {
        self.targets.iter().filter(|one| one.is_same_course == same).collect()
    }
}

/// Giving a place out of turn.
#[derive(Template)]
#[template(path = "office/booking_confirm.html")]
pub struct OutOfTurnPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The booking.
    pub booking: Registration,
    /// How many bookings wait longer.
    pub ahead: usize,
    /// What is typed.
    pub form: FormState,
}

impl OutOfTurnPage {
    fn waiting(&self) -> usize {
        let of = |status| self.booking.places_in(status).count();
        of(PlaceStatus::Waiting) + of(PlaceStatus::Offered)
    }

    fn people(&self) -> String {
        wording::count(self.waiting(), "person", "people")
    }

    fn free(&self) -> u32 {
        self.session.occupancy.free()
    }

    fn ahead_words(&self) -> String {
        match self.ahead {
            0 => "Nobody waits longer.".to_owned(),
            ahead => {
                format!(
                    "{} longer than they do.",
                    wording::count(ahead, "booking has waited", "bookings have waited")
                )
            }
        }
    }
}
