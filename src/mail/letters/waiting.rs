//! Letters to a leader whose places wait, are offered, or were asked for.

use chrono::{DateTime, Utc};

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Heading, Joining, Remark},
    leader::Booking,
};
use crate::domain::{
    place::PlaceStatus, registration::Registration, session::Session, text::Paragraph, wording,
};

struct WaitingListJoined {
    frame: Frame,
    session: About,
    booking: Booking,
    waiting: usize,
    position: usize,
    /// The rule of the list, as pages word it.
    rule: String,
    url: String,
}

/// To the leader: nobody has a place yet; where they stand in the queue, and the rule of it.
pub fn waiting_list_joined(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    position: usize,
    manage_url: &str,
) -> Content {
    let waiting = registration.places_in(PlaceStatus::Waiting).count();
    let letter = WaitingListJoined {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        waiting,
        position,
        rule: wording::waiting_rule(registration.team, waiting),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        WaitingListJoined,
        "letters/waiting-list-joined/subject.txt",
        "letters/waiting-list-joined/body.txt",
        "letters/waiting-list-joined/body.html"
    )
}

struct PlaceOffered {
    frame: Frame,
    session: About,
    booking: Booking,
    offered: usize,
    deadline: String,
    url: String,
}

/// To the leader: places are kept for her until a moment, and the page where she answers.
pub fn place_offered(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    until: DateTime<Utc>,
    offer_url: &str,
) -> Content {
    let letter = PlaceOffered {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        offered: registration.places_in(PlaceStatus::Offered).count(),
        deadline: wording::deadline(until, session.zone()),
        url: offer_url.to_owned(),
    };
    content!(
        &letter,
        PlaceOffered,
        "letters/place-offered/subject.txt",
        "letters/place-offered/body.txt",
        "letters/place-offered/body.html"
    )
}

struct OfferLapsed {
    frame: Frame,
    session: About,
    booking: Booking,
    others_wait: bool,
    url: String,
}

/// To the leader: the offer ended without an answer, and how to wait again.
pub fn offer_lapsed(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let letter = OfferLapsed {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        others_wait: registration.places_in(PlaceStatus::Waiting).next().is_some(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        OfferLapsed,
        "letters/offer-lapsed/subject.txt",
        "letters/offer-lapsed/body.txt",
        "letters/offer-lapsed/body.html"
    )
}

struct RequestRefused {
    frame: Frame,
    session: About,
    booking: Booking,
    refused: usize,
    reason: String,
    url: String,
}

/// To the leader: the organiser could not give these places, and why.
pub fn request_refused(
    letterhead: &Letterhead,
    session: &Session,
    registration: &Registration,
    reason: Option<&Paragraph>,
    manage_url: &str,
) -> Content {
    let letter = RequestRefused {
        frame: Frame::to_leader(letterhead, session, registration),
        session: Booking::session(letterhead, session, registration),
        booking: Booking::new(registration),
        refused: registration.places_in(PlaceStatus::Refused).count(),
        reason: reason.map(|reason| plain::one_line(reason.as_str())).unwrap_or_default(),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        RequestRefused,
        "letters/request-refused/subject.txt",
        "letters/request-refused/body.txt",
        "letters/request-refused/body.html"
    )
}
