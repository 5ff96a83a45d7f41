//! How full a session is, in words and as a meter.

use chrono::{DateTime, Utc};

use crate::domain::{
    reserve::Group,
    session::{BookingStatus, Session},
    wording,
};

/// What a row or box says about a session's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacesWords {
    /// Such as `6 places left`.
    pub words: String,
    /// The smaller line below, such as `24 of 30 taken`.
    pub small: String,
    /// `low`, `full`, or nothing: how words and meter are marked.
    pub mark: &'static str,
    /// How full to draw the meter, in percent; `None` draws none.
    pub meter: Option<u32>,
    /// Whether it can be booked now.
    pub bookable: bool,
}

/// `5 more kept for schools until 9am on Wednesday 3 March`.
fn kept(session: &Session) -> Option<String> {
    let kept = session.reserves.iter().filter(|one| one.unused > 0);
    let kept = kept.map(|one| {
        let whom = match &one.group {
            Group::Institution(_) => "one institution".to_owned(),
            Group::Alliance(_) => one.name.clone(),
            Group::Kind(kind) => kind.people().to_lowercase(),
        };
        let until = wording::moment(one.until, session.zone());
        format!("{} more kept for {whom} until {until}", one.unused)
    });
    let kept: Vec<_> = kept.collect();
    (session.occupancy.kept > 0 && !kept.is_empty()).then(|| kept.join(". "))
}

impl PlacesWords {
    /// The words for a session at a moment.
    pub fn of(session: &Session, now: DateTime<Utc>) -> Self {
        let quiet = |words: String, small: String| Self {
            words,
            small,
            mark: "full",
            meter: None,
            bookable: false,
        };
        let places = wording::count(session.occupancy.capacity as usize, "place", "places");
        match session.booking_status(now) {
            BookingStatus::Open { .. } => Self::open(session),
            BookingStatus::NotYetOpen { opens } => {
                let opens = opens.with_timezone(&session.zone()).naive_local();
                let day = wording::date(opens.date());
                let words = format!("Booking opens {day}, {}", wording::time(opens.time()));
                Self { mark: "", ..quiet(words, places) }
            }
            BookingStatus::Closed => quiet("Booking has closed".to_owned(), String::new()),
            BookingStatus::Cancelled => quiet("Cancelled".to_owned(), String::new()),
            BookingStatus::Finished => quiet("Finished".to_owned(), String::new()),
            BookingStatus::Draft => quiet("Not published".to_owned(), String::new()),
        }
    }

    fn open(session: &Session) -> Self {
        let occupancy = session.occupancy;
        let mut taken = format!("{} of {} taken", occupancy.occupied, occupancy.capacity);
        if occupancy.waiting > 0 {
            let people = wording::count(occupancy.waiting as usize, "person is", "people are");
            taken += &format!(". {people} waiting");
        }
        if let Some(kept) = kept(session) {
            taken += &format!(". {kept}");
        }
        let (words, mark) = match occupancy.open_to_all() {
            0 if occupancy.kept > 0 => ("No place is open to all".to_owned(), "full"),
            0 if session.waiting_list => ("Full. Waiting list open".to_owned(), "full"),
            0 => ("Full".to_owned(), "full"),
            1 => ("Last place".to_owned(), "low"),
            free if occupancy.is_low() => (format!("{free} places left"), "low"),
            free => (format!("{free} places left"), ""),
        };
        Self {
            words,
            small: taken,
            mark,
            meter: Some(occupancy.meter_percent()),
            bookable: occupancy.free() > 0,
        }
    }
}
