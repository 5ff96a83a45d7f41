//! Letters to the leader, who made the booking and alone may change it.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Group, Heading, Joining, Person, Remark},
};
use crate::domain::{
    letter::OWN_CALENDAR,
    letter_wording::WordedLetter,
    place::{Place, PlaceStatus},
    registration::Registration,
    session::Session,
};

/// What every letter about a booking states.
pub(super) struct Booking {
    pub(super) institution: Option<String>,
    pub(super) people: Vec<Group>,
    pub(super) reference: String,
}

impl Booking {
    pub(super) fn new(registration: &Registration) -> Self {
        Self {
            institution: registration.sender.name().map(plain::one_line),
            people: people(registration),
            reference: registration.reference.to_string(),
        }
    }

    /// When and where. The room of an online session is for those who have a place (C5): each has
    /// it in her own letter, so the leader gets it only to tell those who have no address, or to come
    /// herself.
    pub(super) fn session(
        letterhead: &Letterhead,
        session: &Session,
        registration: &Registration,
    ) -> About {
        let about = About::session(letterhead, session);
        if !session.location.is_online() || registration.confirmed().next().is_none() {
            return about;
        }
        if registration.confirmed().any(has_no_letter) {
            return about.with_room(session, Joining::PassItOn);
        }
        if registration.confirmed().any(|place| registration.is_leaders(place)) {
            return about.with_room(session, Joining::ByYourself);
        }
        About { joining: Joining::InEachLetter, ..about }
    }
}

struct BookingConfirmed {
    frame: Frame,
    session: About,
    booking: Booking,
    confirmed: usize,
    waiting: usize,
    /// Whether she comes herself, with her invite in this very letter.
    comes: bool,
    /// Whether others have an email with an invite of their own.
    others: bool,
    url: String,
}

impl BookingConfirmed {
    /// How many places the letter leads with.
    fn counted(&self) -> usize {
        if self.confirmed > 0 { self.confirmed } else { self.waiting }
    }
}

/// To the leader: her places are hers, or wait on the list; who is coming, and her private link.
pub fn booking_confirmed(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    // Where nobody has a place, the alliance's words for that are not said.
    let waits = registration.confirmed().next().is_none();
    let letter = BookingConfirmed {
        frame: Frame {
            worded_as: waits.then_some(WordedLetter::WaitingListJoined),
            ..Frame::to_leader(letterhead, session, registration)
        },
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        confirmed: registration.confirmed().count(),
        waiting: registration.places_in(PlaceStatus::Waiting).count(),
        comes: registration.confirmed().any(|place| registration.is_leaders(place)),
        others: registration.confirmed().any(|place| {
            let attendee = place.attendee.as_ref();
            attendee.is_some_and(|one| one.email.is_some()) && !registration.is_leaders(place)
        }),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        BookingConfirmed,
        "letters/booking-confirmed/subject.txt",
        "letters/booking-confirmed/body.txt",
        "letters/booking-confirmed/body.html"
    )
}

struct PlacesRequested {
    frame: Frame,
    session: About,
    booking: Booking,
    asked: usize,
    url: String,
}

/// To the leader: the organiser will decide about these places.
pub fn places_requested(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let letter = PlacesRequested {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        asked: registration.places_in(PlaceStatus::Requested).count(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        PlacesRequested,
        "letters/places-requested/subject.txt",
        "letters/places-requested/body.txt",
        "letters/places-requested/body.html"
    )
}

struct PlacesCancelled {
    frame: Frame,
    session: About,
    booking: Booking,
    cancelled: usize,
    /// Whether nobody comes from this booking any more.
    is_over: bool,
    url: String,
}

/// To the leader: these people's places were given up. `registration` is as it stands after;
/// a cancelled place without a name is passed as `Name to follow`.
pub fn places_cancelled(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    cancelled: &[String],
    manage_url: &str,
) -> Content {
    let mut booking = Booking::new(registration);
    let people = cancelled.iter().map(|name| Person::named(name)).collect();
    booking.people.insert(0, Group { heading: Heading::Cancelled, people });
    let letter = PlacesCancelled {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking,
        cancelled: cancelled.len(),
        is_over: !registration.places.iter().any(|place| place.state.status().is_open()),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        PlacesCancelled,
        "letters/places-cancelled/subject.txt",
        "letters/places-cancelled/body.txt",
        "letters/places-cancelled/body.html"
    )
}

/// What changed about somebody who comes.
enum Change {
    /// Who it is, instead of somebody of this name.
    Instead(String),
    /// A name that was to follow.
    Named,
    /// Something else, and the letter does not say which.
    Details,
    /// She has a booking of her own now.
    Apart,
}

impl Change {
    fn is_apart(&self) -> bool {
        matches!(self, Self::Apart)
    }
}

struct AttendeeChanged {
    frame: Frame,
    session: About,
    booking: Booking,
    change: Change,
    name: String,
    url: String,
}

/// To the leader: who comes instead of whom (`old_name` is `None` where the name was to follow),
/// or, with the same name twice, that somebody's details changed; never which.
pub fn attendee_changed(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    old_name: Option<&str>,
    new_name: &str,
    manage_url: &str,
) -> Content {
    let change = match old_name {
        Some(old) if old == new_name => Change::Details,
        Some(old) => Change::Instead(plain::one_line(old)),
        None => Change::Named,
    };
    changed(letterhead, (session, registration), (change, new_name), manage_url)
}

/// To the leader: somebody of her booking has one of her own from now on. `registration` is as it stands after.
pub fn attendee_apart(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    name: &str,
    manage_url: &str,
) -> Content {
    changed(letterhead, (session, registration), (Change::Apart, name), manage_url)
}

fn changed(
    letterhead: &Letterhead,
    (session, registration): (&Session, &Registration),
    (change, name): (Change, &str),
    manage_url: &str,
) -> Content {
    let letter = AttendeeChanged {
        // She may have come herself until now.
        frame: Frame {
            own_calendar: OWN_CALENDAR,
            ..Frame::to_leader(letterhead, session, registration)
        },
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        change,
        name: plain::one_line(name),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        AttendeeChanged,
        "letters/attendee-changed/subject.txt",
        "letters/attendee-changed/body.txt",
        "letters/attendee-changed/body.html"
    )
}

struct BookingOfHerOwn {
    frame: Frame,
    session: About,
    booking: Booking,
    /// Who booked for her.
    by: String,
    url: String,
}

/// To somebody whose place has a booking of its own from now on: she looks after it herself.
pub fn booking_of_her_own(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    by: &str,
    manage_url: &str,
) -> Content {
    let letter = BookingOfHerOwn {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        by: plain::one_line(by),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        BookingOfHerOwn,
        "letters/booking-of-your-own/subject.txt",
        "letters/booking-of-your-own/body.txt",
        "letters/booking-of-your-own/body.html"
    )
}

fn has_no_letter(place: &Place) -> bool {
    place.attendee.as_ref().is_some_and(|attendee| attendee.email.is_none())
}

/// Everybody on the booking, by how their place stands.
fn people(registration: &Registration) -> Vec<Group> {
    let headings = [
        (PlaceStatus::Confirmed, Heading::Coming),
        (PlaceStatus::Offered, Heading::Offered),
        (PlaceStatus::Requested, Heading::Requested),
        (PlaceStatus::Waiting, Heading::Waiting),
        (PlaceStatus::Lapsed, Heading::Lapsed),
        (PlaceStatus::Refused, Heading::Refused),
    ];
    let groups = headings.into_iter().map(|(status, heading)| {
        let people = registration.places_in(status).map(|place| person(place, registration));
        Group { heading, people: people.collect() }
    });
    groups.filter(|group| !group.people.is_empty()).collect()
}

/// Who sits on a place, and what the leader has to do about it. Never their needs.
fn person(place: &Place, registration: &Registration) -> Person {
    let Some(attendee) = &place.attendee else { return Person::to_follow() };
    let name = attendee.name.as_str();
    let is_leader = plain::one_line(name) == plain::one_line(registration.leader.name.as_str());
    if is_leader || place.state.status() != PlaceStatus::Confirmed {
        Person::named(name)
    } else {
        Person::told_by(name, attendee.email.as_ref())
    }
}
