//! What anybody may open.

use super::Href;
use crate::{
    domain::{
        certificate_number::CertificateNumber,
        id::{AllianceSlug, CourseSlug, SeriesId, SessionCode},
    },
    token::Token,
};

pub fn catalogue() -> Href {
    Href::of("/")
}

pub fn catalogue_of_alliance(alliance: &AllianceSlug) -> Href {
    catalogue().with("alliance", alliance)
}

pub fn catalogue_of_course(course: &CourseSlug) -> Href {
    catalogue().with("course", course)
}

/// An alliance's own page.
pub fn alliance(slug: &AllianceSlug) -> Href {
    Href::of("/alliances").join(slug)
}

/// A course's own page.
pub fn course(slug: &CourseSlug) -> Href {
    Href::of("/courses").join(slug)
}

pub fn session(code: &SessionCode) -> Href {
    Href::of("/sessions").join(code)
}

/// Evenings that can be booked as one.
pub fn series(id: &SeriesId) -> Href {
    Href::of("/series").join(id)
}

pub fn session_ics(code: &SessionCode) -> Href {
    Href::of("/sessions").join(format_args!("{code}.ics"))
}

/// The picture beside a link to it.
pub fn session_preview(code: &SessionCode) -> Href {
    session(code).join("preview.png")
}

/// An alliance's sessions, for a frame on its own site.
pub fn embed_alliance(slug: &AllianceSlug) -> Href {
    Href::of("/embed/alliances").join(slug)
}

/// The same, its next alone.
pub fn embed_next(slug: &AllianceSlug) -> Href {
    embed_alliance(slug).join("next")
}

/// A session for a frame.
pub fn embed_session(code: &SessionCode) -> Href {
    Href::of("/embed/sessions").join(code)
}

/// What other sites ask about a link.
pub fn oembed(url: &str) -> Href {
    Href::of("/oembed").with("url", url).with("format", "json")
}

/// Whether a certificate is true.
pub fn certificate(number: &CertificateNumber) -> Href {
    Href::of("/certificates").join(number)
}

pub fn calendars() -> Href {
    Href::of("/calendars")
}

pub fn calendars_of_alliance(alliance: &AllianceSlug) -> Href {
    calendars().with("alliance", alliance)
}

pub fn calendars_of_course(course: &CourseSlug) -> Href {
    calendars().with("course", course)
}

/// A square that a phone reads; narrowed as the page of calendars is.
pub fn calendars_qr() -> Href {
    Href::of("/calendars/qr.svg")
}

pub fn feed() -> Href {
    Href::of("/feeds/all.ics")
}

pub fn feed_of_alliance(alliance: &AllianceSlug) -> Href {
    Href::of("/feeds/alliances").join(format_args!("{alliance}.ics"))
}

pub fn feed_of_course(course: &CourseSlug) -> Href {
    Href::of("/feeds/courses").join(format_args!("{course}.ics"))
}

pub fn private_feed(token: &Token) -> Href {
    Href::of("/feeds/p").join(format_args!("{}.ics", token.secret()))
}

pub fn new_sessions_atom() -> Href {
    Href::of("/feeds/new.atom")
}

/// What other programs may ask, for people to read.
pub fn api() -> Href {
    Href::of("/api")
}

pub fn help() -> Href {
    Href::of("/help")
}

pub fn accessibility() -> Href {
    Href::of("/accessibility")
}

pub fn privacy() -> Href {
    Href::of("/privacy")
}

pub fn lost_link() -> Href {
    Href::of("/lost-link")
}

/// Stopping letters to many.
pub fn stop(token: &Token) -> Href {
    Href::of("/stop").join(token.secret())
}

pub fn place_given_up() -> Href {
    Href::of("/place-given-up")
}

pub fn waiting_list_left() -> Href {
    Href::of("/waiting-list-left")
}

/// Asking to be told when there is a date of a course.
pub fn tell_me(slug: &CourseSlug) -> Href {
    course(slug).join("tell-me")
}

/// What somebody wants to be told, by the link in her letter.
pub fn interest(token: &Token) -> Href {
    Href::of("/interest").join(token.secret())
}
