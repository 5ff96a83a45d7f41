//! The last look at a draft, and a series of the same session.

use askama::Template;

use crate::{
    domain::{
        plan::Clash,
        session::{BookingMode, Session},
        wording,
    },
    web::page::Chrome,
};

/// Everything about a draft, before it is put into the catalogue.
#[derive(Template)]
#[template(path = "office/publish.html")]
pub struct PublishPage {
    /// The frame.
    pub chrome: Chrome,
    /// The draft.
    pub session: Session,
    /// Trainers who lead something else at the same time.
    pub clashes: Vec<Clash>,
    /// Whether a day has begun, so that it cannot be published.
    pub is_late: bool,
}

/// One week of a series.
#[derive(Debug, Clone)]
pub struct Repetition {
    /// How many weeks later.
    pub week: u32,
    /// Its days.
    pub days: String,
    /// Whether its times happen, and are to come.
    pub can_be: bool,
}

/// Choosing the weeks of a series.
#[derive(Template)]
#[template(path = "office/repeat.html")]
pub struct RepeatPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session to repeat.
    pub session: Session,
    /// How many weeks were asked for.
    pub weeks: Option<u32>,
    /// Those weeks.
    pub series: Vec<Repetition>,
    /// The most weeks.
    pub most: u32,
}

/// What a page says about a session, line by line.
pub fn facts(session: &Session) -> Vec<(&'static str, String)> {
    let names: Vec<_> = session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
    let zone = session.zone();
    let sittings: Vec<_> = session.sittings.iter().map(wording::sitting).collect();
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>, otherwise: &str| {
        at.map_or_else(|| otherwise.to_owned(), |at| super::stamp(at, zone))
    };
    let most = session.places_per_institution;
    let most = most.map_or_else(|| "No limit".to_owned(), |most| most.to_string());
    let mode = match session.mode {
        BookingMode::Instant => "Booked at once",
        BookingMode::Approval => "You decide",
    };
    vec![
        ("Alliance", session.alliance.name.clone()),
        ("Days", sittings.join("; ")),
        ("Where", session.location.public_line()),
        (
            "Trainers",
            if names.is_empty() { "Nobody yet".to_owned() } else { wording::list(&names) },
        ),
        ("Places", session.occupancy.capacity.to_string()),
        ("Most in one booking", session.places_per_booking.to_string()),
        ("Most for one institution", most),
        ("A booking is answered", mode.to_owned()),
        ("Waiting list", if session.waiting_list { "Yes" } else { "No" }.to_owned()),
        ("Booking opens", moment(session.booking_opens, "When it is published")),
        ("Booking closes", moment(session.booking_closes, "When it starts")),
        (
            "Access",
            if session.access.is_empty() {
                "Nothing said".to_owned()
            } else {
                session.access.join("; ")
            },
        ),
        ("Note", session.note.clone().unwrap_or_else(|| "None".to_owned())),
    ]
}
