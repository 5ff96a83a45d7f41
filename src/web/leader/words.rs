//! Words that the leader's pages, the attendee's own and the office share.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{
    attendee::Attendee,
    invitation::MOST_LETTERS,
    location::Location,
    place::{Place, PlaceState},
    session::{Publication, Session},
    wording,
};

/// The address of an online room. Only a web address becomes a link; anything else stays words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The address as the organiser gave it.
    pub address: String,
    /// Whether it can be followed.
    pub is_link: bool,
}

/// The online room, for people who may know it (C5).
pub fn room(session: &Session) -> Option<Room> {
    match &session.location {
        Location::Online { room } if !room.is_empty() => Some(Room {
            address: room.clone(),
            is_link: room.starts_with("https://") || room.starts_with("http://"),
        }),
        _ => None,
    }
}

/// The words of a link to the days as a calendar file.
pub fn calendar_words(session: &Session) -> String {
    match session.sittings.len() {
        0 | 1 => "Add it to my calendar".to_owned(),
        2 => "Add both days to my calendar".to_owned(),
        days => format!("Add all {days} days to my calendar"),
    }
}

/// How the same days come by letter, if they do.
pub fn invite_words(session: &Session) -> &'static str {
    match session.sittings.len() {
        0 | 1 => "Your invite is in your email.",
        2..=MOST_LETTERS => "Your invites are in your email, one for each day.",
        _ => "All days are in one email, with a file to open.",
    }
}

/// Whether what is added by hand is what letters bring.
pub fn calendar_hint(session: &Session, is_invited: bool) -> String {
    if is_invited {
        let invited = invite_words(session);
        format!("{invited} This adds the same, and nothing is shown twice.")
    } else {
        "It does not change by itself: look here again before you come.".to_owned()
    }
}

/// `Sat 5 and Sat 12 September 2026, 9.30am to 4.30pm, both days`; the zone too for a call.
pub fn when(session: &Session) -> String {
    let mut parts = vec![wording::days(session), wording::hours(session)];
    if session.location.is_online() {
        parts.push(wording::zone(session.zone()));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// Whether places on it can still be changed or given up.
pub fn accepts_changes(session: &Session, now: DateTime<Utc>) -> bool {
    matches!(session.publication, Publication::Published) && session.accepts_changes_at(now)
}

/// Whom a place is for: `Leila Haddad`, or `person 2`.
pub fn called(place: &Place) -> String {
    match &place.attendee {
        Some(attendee) => attendee.name.to_string(),
        None => format!("person {}", place.number),
    }
}

/// A state in words, with the look of its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateWords {
    /// What is added to the class `tag`.
    pub class: &'static str,
    /// What it says.
    pub words: String,
}

/// Where a place stands, in words; nothing for a place that is theirs.
pub fn state(state: PlaceState, zone: Tz) -> Option<StateWords> {
    let (class, words) = match state {
        PlaceState::Confirmed => return None,
        PlaceState::Held { until } => {
            (" tag--warn", format!("Held until {}, not booked yet", wording::moment(until, zone)))
        }
        PlaceState::Requested => (" tag--warn", "Asked for: the organiser will decide".to_owned()),
        PlaceState::Waiting { .. } => (" tag--warn", "On the waiting list".to_owned()),
        PlaceState::Offered { until, .. } => {
            (" tag--warn", format!("Kept for you until {}", wording::moment(until, zone)))
        }
        PlaceState::Expired => ("", "Not booked: the hold ran out".to_owned()),
        PlaceState::Lapsed => ("", "The offer ended".to_owned()),
        PlaceState::Declined => ("", "Declined".to_owned()),
        PlaceState::Refused => ("", "The organiser could not give this place".to_owned()),
        PlaceState::Cancelled => ("", "Cancelled".to_owned()),
    };
    Some(StateWords { class, words })
}

/// Needs on one line: `Halal; step-free seat`.
pub fn needs(attendee: &Attendee) -> String {
    let given = attendee.needs();
    if given.is_empty() { "No needs given".to_owned() } else { given.join("; ") }
}
