//! Paths to a certificate: the office's pages, and what somebody's own link opens.

use super::{Href, office};
use crate::{
    domain::id::{PathRecordId, PathSlug, PersonId, SessionCode},
    token::Token,
};

pub fn list() -> Href {
    Href::of("/office/paths")
}

pub fn new() -> Href {
    Href::of("/office/new-path")
}

pub fn show(slug: &PathSlug) -> Href {
    list().join(slug)
}

pub fn edit(slug: &PathSlug) -> Href {
    show(slug).join("edit")
}

pub fn publish(slug: &PathSlug) -> Href {
    show(slug).join("publish")
}

/// Putting somebody on it.
pub fn people(slug: &PathSlug) -> Href {
    show(slug).join("people")
}

pub fn people_csv(slug: &PathSlug) -> Href {
    show(slug).join("people.csv")
}

pub fn people_xlsx(slug: &PathSlug) -> Href {
    show(slug).join("people.xlsx")
}

pub fn off(slug: &PathSlug, person: &PersonId) -> Href {
    people(slug).join(person).join("off")
}

pub fn newer(slug: &PathSlug, person: &PersonId) -> Href {
    people(slug).join(person).join("newer")
}

pub fn finish(slug: &PathSlug, person: &PersonId) -> Href {
    people(slug).join(person).join("certificate")
}

/// What waits for an organiser.
pub fn claims() -> Href {
    Href::of("/office/claims")
}

/// Somebody's path and record.
pub fn person(person: &PersonId) -> Href {
    office::person(person).join("path")
}

pub fn person_transcript(id: &PersonId) -> Href {
    person(id).join("transcript.pdf")
}

pub fn records(id: &PersonId) -> Href {
    person(id).join("records")
}

/// Deciding about what she claims.
pub fn record(id: &PersonId, record: &PathRecordId) -> Href {
    records(id).join(record)
}

pub fn record_out(id: &PersonId, one: &PathRecordId) -> Href {
    record(id, one).join("take-out")
}

pub fn send_link(id: &PersonId) -> Href {
    person(id).join("link")
}

/// A new link of hers on paper.
pub fn slip(id: &PersonId) -> Href {
    person(id).join("slip")
}

pub fn end_links(id: &PersonId) -> Href {
    send_link(id).join("end")
}

/// What her own link opens.
pub fn mine(token: &Token) -> Href {
    Href::of("/path").join(token.secret())
}

pub fn claim(token: &Token) -> Href {
    mine(token).join("claims")
}

pub fn claim_back(token: &Token, record: &PathRecordId) -> Href {
    claim(token).join(record).join("take-back")
}

pub fn transcript(token: &Token) -> Href {
    mine(token).join("transcript.pdf")
}

/// Moving to the newer version of a path.
pub fn my_newer(token: &Token, slug: &PathSlug) -> Href {
    mine(token).join("newer").join(slug)
}

/// Her certificate of a path.
pub fn finished(token: &Token, slug: &PathSlug) -> Href {
    mine(token).join("finished").join(slug)
}

pub fn finished_pdf(token: &Token, slug: &PathSlug) -> Href {
    finished(token, slug).join("certificate.pdf")
}

/// Her certificate of one session.
pub fn attended(token: &Token, code: &SessionCode) -> Href {
    mine(token).join("sessions").join(code)
}

pub fn attended_pdf(token: &Token, code: &SessionCode) -> Href {
    attended(token, code).join("certificate.pdf")
}

/// Ending all her links and sending a new one.
pub fn new_link(token: &Token) -> Href {
    mine(token).join("new-link")
}

/// Asking for the link from the page of a place.
pub fn ask(place: &Token) -> Href {
    super::attendee::place(place).join("path")
}
