//! Changes that people are told about: each page says how many before anything happens.

use askama::Template;

use crate::{
    domain::{fill::Fill, session::Session, wording},
    web::{form::FormState, page::Chrome},
};

/// Which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// More or fewer places.
    Places,
    /// Other days or times.
    Times,
    /// Another place.
    Venue,
    /// No session at all.
    Cancel,
}

/// Changing a session that people may have booked.
#[derive(Template)]
#[template(path = "office/session_change.html")]
pub struct SessionChangePage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// How its places stand.
    pub fill: Fill,
    /// Which change.
    pub change: Change,
    /// What is typed.
    pub form: FormState,
    /// How many days are shown.
    pub days: u32,
}

impl SessionChangePage {
    fn heading(&self) -> String {
        let title = &self.session.course.title;
        match self.change {
            Change::Places => format!("Places on {title}"),
            Change::Times => format!("Other days or times for {title}"),
            Change::Venue => format!("Another place for {title}"),
            Change::Cancel => format!("Cancel {title}?"),
        }
    }

    fn action(&self) -> String {
        let last = match self.change {
            Change::Places => "places",
            Change::Times => "times",
            Change::Venue => "venue",
            Change::Cancel => "cancel",
        };
        format!("/office/sessions/{}/{last}", self.session.code)
    }

    fn people(&self) -> String {
        wording::count(self.fill.confirmed as usize, "person", "people")
    }

    fn booked(&self) -> String {
        wording::count(self.fill.confirmed as usize, "person has", "people have")
    }

    fn taken(&self) -> u32 {
        self.fill.confirmed + self.fill.kept()
    }

    fn day(&self, number: &u32) -> (String, String, String) {
        let id = |field| format!("d{number}_{field}");
        (id("date"), id("start"), id("end"))
    }

    fn is(&self, word: &str) -> bool {
        matches!(
            (self.change, word),
            (Change::Places, "places")
                | (Change::Times, "times")
                | (Change::Venue, "venue")
                | (Change::Cancel, "cancel")
        )
    }
}
