//! What a page says about a session, line by line.

use crate::{
    domain::{
        admission::Admission,
        session::{BookingMode, Session},
        stay::spans,
        wording,
    },
    web::words::stamp,
};

/// What a page says about a session, line by line.
pub fn facts(session: &Session) -> Vec<(&'static str, String)> {
    let names: Vec<_> = session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
    let zone = session.zone();
    let sittings: Vec<_> = session.sittings.iter().map(wording::sitting).collect();
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>, otherwise: &str| {
        at.map_or_else(|| otherwise.to_owned(), |at| stamp(at, zone))
    };
    let most = session.places_per_institution;
    let most = most.map_or_else(|| "No limit".to_owned(), |most| most.to_string());
    let mode = match session.mode {
        BookingMode::Instant => "Booked at once",
        BookingMode::Approval => "You decide",
    };
    let admission = match session.admission {
        Admission::Public => "Everybody",
        Admission::Unlisted => "Whoever has its address: no list shows it",
        Admission::Closed => "Only people you book",
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
        ("Who can find it", admission.to_owned()),
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
        ("Nights", nights(session)),
        ("Note", session.note.clone().unwrap_or_else(|| "None".to_owned())),
    ]
}

/// Which nights people stay, and when rooms are given out.
fn nights(session: &Session) -> String {
    let nights = session.nights();
    let rooms = session.overnight.rooms_on.map(wording::long_date);
    match (nights.is_empty(), rooms) {
        (true, _) if session.overnight.is_residential => "None between these days".to_owned(),
        (true, _) => "Nobody stays overnight".to_owned(),
        (false, None) => spans(&nights),
        (false, Some(on)) => format!("{}. Rooms are given out on {on}", spans(&nights)),
    }
}
