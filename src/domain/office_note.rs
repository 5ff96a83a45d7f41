//! What staff note about a booking, a person or an institution, for colleagues and for nobody else.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    id::{InstitutionCode, NoteId, PersonId, RegistrationId, StaffLogin},
    text::Paragraph,
};

/// What a note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteAbout {
    /// A booking.
    Booking(RegistrationId),
    /// Somebody we know.
    Person(PersonId),
    /// A member institution.
    Institution(InstitutionCode),
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// By whom.
    pub whose: StaffLogin,
    /// By when, where that was said.
    pub by: Option<NaiveDate>,
    /// When it was done, and by whom.
    pub done: Option<(DateTime<Utc>, StaffLogin)>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeNote {
    /// Which.
    pub id: NoteId,
    /// What about.
    pub about: NoteAbout,
    /// Who wrote it; nobody else takes it back.
    pub author: StaffLogin,
    /// Its words.
    pub body: Paragraph,
    /// When.
    pub written_at: DateTime<Utc>,
    /// What is to be done, where the note is a step.
    pub step: Option<NextStep>,
}

impl OfficeNote {
    /// Whether something is still to be done.
    pub fn is_open_step(&self) -> bool {
        self.step.as_ref().is_some_and(|step| step.done.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_step_that_was_not_taken_is_open() {
        let note = OfficeNote {
            id: NoteId::new(uuid::Uuid::nil()),
            about: NoteAbout::Booking(RegistrationId::new(uuid::Uuid::nil())),
            author: "ruth".parse().expect("a login"),
            body: Paragraph::parse_optional("Phone her.").expect("words").expect("some"),
            written_at: DateTime::UNIX_EPOCH,
            step: None,
        };
        let step = |done| {
            let whose = "ruth".parse().expect("a login");
            Some(NextStep { whose, by: None, done })
        };
        let done = step(Some((DateTime::UNIX_EPOCH, "ruth".parse().expect("a login"))));
        assert!(!note.is_open_step(), "a note is no step");
        assert!(OfficeNote { step: step(None), ..note.clone() }.is_open_step());
        assert!(!OfficeNote { step: done, ..note }.is_open_step());
    }
}
