//! What the office does with one record: a booking, a person, an institution, and the notes on them.

use super::{Href, office};
use crate::domain::{
    id::{AllianceSlug, CourseSlug, InstitutionCode, NominationId, NoteId, PersonId, SessionCode},
    reference::Reference,
};

/// What somebody on a place needs.
pub fn place_needs(reference: &Reference, number: &u32) -> Href {
    office::place(reference, number).join("needs")
}

/// Giving somebody a booking of their own.
pub fn place_split(reference: &Reference, number: &u32) -> Href {
    office::place(reference, number).join("split")
}

/// One person more.
pub fn booking_add(reference: &Reference) -> Href {
    office::booking(reference).join("add")
}

/// An address at which letters did not arrive: that of a place by its number, or the leader's as number 0.
pub fn booking_address(reference: &Reference, number: &u32) -> Href {
    office::booking(reference).join("addresses").join(number)
}

/// People who may be the same.
pub fn people_questions() -> Href {
    office::people().join("questions")
}

/// The addresses and numbers somebody is known by.
pub fn person_contacts(id: &PersonId) -> Href {
    office::person(id).join("contacts")
}

/// Two people who were made one are two after all.
pub fn person_unmerge(id: &PersonId) -> Href {
    office::person(id).join("unmerge")
}

pub fn person_unmerge_from(id: &PersonId, gone: &PersonId) -> Href {
    person_unmerge(id).with("gone", gone)
}

/// Noting something about a booking.
pub fn booking_notes(reference: &Reference) -> Href {
    office::booking(reference).join("notes")
}

/// Asking before a note is taken back, and taking it back.
pub fn note_take_back(id: &NoteId) -> Href {
    Href::of("/office/notes").join(id).join("take-back")
}

/// Saying that a next step is done.
pub fn note_done(id: &NoteId) -> Href {
    Href::of("/office/notes").join(id).join("done")
}

/// Making one course of two.
pub fn course_merge(slug: &CourseSlug) -> Href {
    office::course(slug).join("merge")
}

/// Making one alliance of two.
pub fn alliance_merge(slug: &AllianceSlug) -> Href {
    office::alliance(slug).join("merge")
}

/// Noting something about somebody.
pub fn person_notes(id: &PersonId) -> Href {
    office::person(id).join("notes")
}

/// Noting something about an institution.
pub fn institution_notes(code: &InstitutionCode) -> Href {
    office::institution(code).join("notes")
}

/// Who is nominated for a course.
pub fn nominations() -> Href {
    Href::of("/office/nominations")
}

/// Those for one session.
pub fn nominations_of_session(code: &SessionCode) -> Href {
    nominations().with("session", code)
}

/// Nominating somebody.
pub fn new_nomination() -> Href {
    Href::of("/office/new-nomination")
}

/// Nominating somebody we know.
pub fn new_nomination_of(id: &PersonId) -> Href {
    new_nomination().with("person", id)
}

/// Nominating somebody for a session.
pub fn new_nomination_for(code: &SessionCode) -> Href {
    new_nomination().with("session", code)
}

/// One nomination.
pub fn nomination(id: &NominationId) -> Href {
    nominations().join(id)
}
