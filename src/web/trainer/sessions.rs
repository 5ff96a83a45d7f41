//! The trainer's own sessions: today, coming up and past.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    domain::{
        session::{BookingStatus, Session},
        sitting::Sitting,
        wording,
    },
    web::page::Chrome,
};

/// Every sitting the trainer leads.
#[derive(Template)]
#[template(path = "trainer/sessions.html")]
pub struct TrainerPage {
    /// The frame.
    pub chrome: Chrome,
    /// `Good morning, Amina`.
    pub greeting: String,
    /// Those that take place today, by time.
    pub today: Vec<TrainerSession>,
    /// Later ones, soonest first.
    pub upcoming: Vec<TrainerSession>,
    /// Earlier ones, latest first.
    pub past: Vec<TrainerSession>,
    /// Whether there are more than are listed.
    pub has_more: bool,
    /// The moment the page is made.
    pub now: DateTime<Utc>,
}

/// One sitting of one session she leads.
#[derive(Debug, Clone)]
pub struct TrainerSession {
    /// The session.
    pub session: Session,
    /// The number of the sitting, from 1.
    pub sitting_number: u32,
    /// How many people are coming.
    pub coming: u32,
    /// How many of them gave needs.
    pub needs: u32,
}

impl TrainerSession {
    /// The sitting; `None` only for a number the session does not have.
    pub fn sitting(&self) -> Option<&Sitting> {
        self.session.sittings.iter().find(|sitting| sitting.number == self.sitting_number)
    }

    /// `Two-day leadership training: day one`.
    pub fn title(&self) -> String {
        const DAYS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
        let title = &self.session.course.title;
        if self.session.sittings.len() < 2 {
            return title.clone();
        }
        match DAYS.get(self.sitting_number.saturating_sub(1) as usize) {
            Some(day) => format!("{title}: day {day}"),
            None => format!("{title}: day {}", self.sitting_number),
        }
    }

    /// `9.30am to 4.30pm, Bradwell Meeting House`.
    pub fn hours_and_place(&self) -> String {
        let place = self.session.location.short_name();
        match self.sitting() {
            Some(sitting) => {
                format!("{}, {place}", wording::time_span(sitting.starts, sitting.ends))
            }
            None => place.to_owned(),
        }
    }

    /// Who leads it, all of them.
    pub fn trainers(&self) -> String {
        let names: Vec<&str> =
            self.session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
        wording::list(&names)
    }

    /// The roster's path.
    pub fn roster(&self) -> String {
        format!("/trainer/sessions/{}/roster", self.session.code)
    }

    /// `24 coming`, or why nobody can be yet.
    pub fn places(&self, now: &DateTime<Utc>) -> String {
        match self.session.booking_status(*now) {
            BookingStatus::Cancelled => "Cancelled".to_owned(),
            BookingStatus::Draft => "Not published yet".to_owned(),
            BookingStatus::NotYetOpen { .. } if self.coming == 0 => {
                "Booking has not opened".to_owned()
            }
            _ => format!("{} coming", self.coming),
        }
    }

    /// Whether the meter says anything: somebody may book, or has.
    pub fn shows_meter(&self, now: &DateTime<Utc>) -> bool {
        !self.is_quiet(now) || self.coming > 0
    }

    /// Whether the date is drawn quietly, because it cannot be booked.
    pub fn is_quiet(&self, now: &DateTime<Utc>) -> bool {
        !matches!(
            self.session.booking_status(*now),
            BookingStatus::Open { .. } | BookingStatus::Closed
        )
    }

    /// `6 places left`, `Full` or `20 places`.
    pub fn left(&self) -> String {
        let occupancy = self.session.occupancy;
        match (occupancy.free(), occupancy.occupied) {
            (free, 0) => wording::count(free as usize, "place", "places"),
            (0, _) if occupancy.waiting > 0 => format!("Full, {} waiting", occupancy.waiting),
            (0, _) => "Full".to_owned(),
            (1, _) => "Last place".to_owned(),
            (free, _) => format!("{free} places left"),
        }
    }

    /// How the meter's bar is coloured, beyond the class `taken`.
    pub fn fill(&self) -> &'static str {
        match self.session.occupancy {
            full if full.open_to_all() == 0 => " taken--full",
            low if low.is_low() => " taken--low",
            _ => "",
        }
    }

    /// `9 people have needs to plan for`.
    pub fn needs_words(&self) -> String {
        let people = wording::count(self.needs as usize, "person has", "people have");
        format!("{people} given needs")
    }
}
