//! The form of a session: all of it while it is a draft, and what nobody is told about afterwards.

use askama::Template;

use crate::{
    domain::{
        alliance::Alliance,
        course::Course,
        session::{BookingMode, Session},
    },
    web::{form::FormState, page::Chrome},
};

/// Planning a session, or changing one.
#[derive(Template)]
#[template(path = "office/session_form.html")]
pub struct SessionFormPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session, if it is there already.
    pub session: Option<Session>,
    /// Whether everything can be changed: a new session, or a draft.
    pub is_draft: bool,
    /// What is typed.
    pub form: FormState,
    /// How many days are shown.
    pub days: u32,
    /// The courses to choose from.
    pub courses: Vec<Course>,
    /// The alliances to choose from.
    pub alliances: Vec<Alliance>,
    /// Who can lead it: login and name.
    pub trainers: Vec<(String, String)>,
}

impl SessionFormPage {
    fn heading(&self) -> String {
        match &self.session {
            Some(session) => format!("Edit {}", session.course.title),
            None => "New session".to_owned(),
        }
    }

    fn action(&self) -> String {
        match &self.session {
            Some(session) => format!("/office/sessions/{}/edit", session.code),
            None => "/office/new-session".to_owned(),
        }
    }

    fn back(&self) -> String {
        match &self.session {
            Some(session) => format!("/office/sessions/{}", session.code),
            None => "/office/sessions".to_owned(),
        }
    }

    /// The ids of a day's fields.
    fn day(&self, number: &u32) -> (String, String, String) {
        let id = |field| format!("d{number}_{field}");
        (id("date"), id("start"), id("end"))
    }

    fn modes(&self) -> [(&'static str, &'static str, &'static str); 2] {
        let word = BookingMode::as_str;
        [
            (word(BookingMode::Instant), "Booked at once", "The first to book get the places"),
            (word(BookingMode::Approval), "I decide", "People ask, and you say yes or no"),
        ]
    }

    fn trainer_id(&self, login: &str) -> String {
        format!("trainer-{login}")
    }
}
