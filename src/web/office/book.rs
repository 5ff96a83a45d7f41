//! Booking for somebody on the telephone.

use askama::Template;

use crate::{
    domain::{institution::Institution, session::Session, wording},
    web::{form::FormState, page::Chrome},
};

/// One form for all of it.
#[derive(Template)]
#[template(path = "office/book.html")]
pub struct BookPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Whether the public cannot book now.
    pub is_shut: bool,
    /// How many people there are fields for.
    pub people: u32,
    /// Institutions by alliance.
    pub groups: Vec<(String, Vec<Institution>)>,
    /// What is typed.
    pub form: FormState,
    /// Marks this form, so that a second press books nothing.
    pub attempt: String,
}

impl BookPage {
    fn free(&self) -> String {
        let free = self.session.occupancy.open_to_all();
        match free {
            0 => "No place is free: they will wait.".to_owned(),
            free => format!("{} free.", wording::count(free as usize, "place is", "places are")),
        }
    }

    fn person(&self, number: &u32) -> [String; 6] {
        let fields = ["name", "email", "diet", "access", "guardian-name", "guardian-contact"];
        fields.map(|field| format!("p{number}-{field}"))
    }

    fn can_add(&self) -> bool {
        self.people < self.session.places_per_booking
    }
}
