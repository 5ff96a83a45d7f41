//! What anybody may open.

use super::Href;
use crate::{
    domain::id::{AllianceSlug, CourseSlug, SessionCode},
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

pub fn session_ics(code: &SessionCode) -> Href {
    Href::of("/sessions").join(format_args!("{code}.ics"))
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

pub fn place_given_up() -> Href {
    Href::of("/place-given-up")
}

pub fn waiting_list_left() -> Href {
    Href::of("/waiting-list-left")
}
