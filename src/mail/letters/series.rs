//! To a leader who booked several evenings of a series: one letter for the whole.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Heading, Remark, when},
    leader::Booking,
};
use crate::domain::{
    letter_wording::WordedLetter, place::PlaceStatus, registration::Registration, session::Session,
    wording,
};

/// One evening, and what she has of it.
struct Evening {
    when: Vec<String>,
    place: String,
    standing: String,
    reference: String,
}

struct SeriesBooked {
    frame: Frame,
    session: About,
    booking: Booking,
    evenings: Vec<Evening>,
    /// On how many evenings somebody has a place.
    confirmed: usize,
    /// On how many somebody waits for one, or for an answer.
    waiting: usize,
    /// Whether she comes herself, with an invite in this very letter.
    comes: bool,
    /// Whether others have emails with invites of their own.
    others: bool,
    url: String,
}

impl SeriesBooked {
    /// `10 evenings`.
    fn counted(&self) -> String {
        wording::count(self.evenings.len(), "evening", "evenings")
    }

    /// `1 evening`, on which somebody waits.
    fn waits(&self) -> String {
        wording::count(self.waiting, "evening", "evenings")
    }
}

/// What somebody has of an evening: `2 places, 1 person is on the waiting list`.
fn standing(registration: &Registration) -> String {
    let count = |status| registration.places_in(status).count();
    let said = [
        (PlaceStatus::Confirmed, "place", "places"),
        (PlaceStatus::Requested, "place is asked for", "places are asked for"),
        (PlaceStatus::Waiting, "person is on the waiting list", "people are on the waiting list"),
    ];
    let said = said.into_iter().filter(|(status, ..)| count(*status) > 0);
    let said = said.map(|(status, one, many)| wording::count(count(status), one, many));
    said.collect::<Vec<_>>().join(", ")
}

/// To the leader: what she has of each evening, who is coming, and her private link. `about` is the booking the link
/// opens.
pub fn series_booked(
    letterhead: &Letterhead,
    about: (&Session, &Registration),
    evenings: &[(Session, Registration)],
    manage_url: &str,
) -> Content {
    let (session, registration) = about;
    let confirmed =
        || evenings.iter().flat_map(|(_, one)| one.confirmed().map(move |it| (one, it)));
    let has_waiting = |(_, one): &&(Session, Registration)| {
        let waits = [PlaceStatus::Waiting, PlaceStatus::Requested];
        waits.into_iter().any(|status| one.places_in(status).next().is_some())
    };
    let line = |(session, one): &(Session, Registration)| Evening {
        when: session.sittings.iter().map(when).collect(),
        place: plain::one_line(&session.location.public_line()),
        standing: standing(one),
        reference: one.reference.to_string(),
    };
    let waits = confirmed().next().is_none();
    let letter = SeriesBooked {
        frame: Frame {
            worded_as: Some(match waits {
                true => WordedLetter::WaitingListJoined,
                false => WordedLetter::BookingConfirmed,
            }),
            ..Frame::to_leader(letterhead, session, registration)
        },
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        evenings: evenings.iter().map(line).collect(),
        confirmed: evenings.iter().filter(|(_, one)| one.confirmed().next().is_some()).count(),
        waiting: evenings.iter().filter(has_waiting).count(),
        comes: confirmed().any(|(one, place)| one.is_leaders(place)),
        others: confirmed().any(|(one, place)| {
            let attendee = place.attendee.as_ref();
            attendee.is_some_and(|who| who.email.is_some()) && !one.is_leaders(place)
        }),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        SeriesBooked,
        "letters/series-booked/subject.txt",
        "letters/series-booked/body.txt",
        "letters/series-booked/body.html"
    )
}

struct EveningsCancelled {
    frame: Frame,
    session: About,
    booking: Booking,
    evenings: Vec<Evening>,
    url: String,
}

impl EveningsCancelled {
    /// `10 evenings`.
    fn counted(&self) -> String {
        wording::count(self.evenings.len(), "evening", "evenings")
    }
}

/// To the leader: nobody comes from her booking to these evenings any more.
pub fn evenings_cancelled(
    letterhead: &Letterhead,
    (session, registration): (&Session, &Registration),
    gone: &[(Session, Registration)],
    manage_url: &str,
) -> Content {
    let line = |(session, one): &(Session, Registration)| Evening {
        when: session.sittings.iter().map(when).collect(),
        place: plain::one_line(&session.location.public_line()),
        standing: String::new(),
        reference: one.reference.to_string(),
    };
    let letter = EveningsCancelled {
        frame: Frame {
            worded_as: Some(WordedLetter::PlacesCancelled),
            ..Frame::to_leader(letterhead, session, registration)
        },
        session: About::session(letterhead, session),
        booking: Booking::new(registration),
        evenings: gone.iter().map(line).collect(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        EveningsCancelled,
        "letters/evenings-cancelled/subject.txt",
        "letters/evenings-cancelled/body.txt",
        "letters/evenings-cancelled/body.html"
    )
}
