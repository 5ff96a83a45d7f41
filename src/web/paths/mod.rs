//! The address of every page, by what it is about: `paths::office::session(&code)`.
//!
//! A leaf: it names no room, so every room and template can link to every other without a circle.
//! Arguments are borrowed, since templates hand them over so.
//! A test walks all of it and finds each address among the mounted routes.

#![expect(missing_docs, reason = "a path's name and arguments say where it leads")]

pub mod account;
pub mod attendee;
pub mod booking;
pub mod desk;
pub mod feedback;
pub mod files;
pub mod handouts;
pub mod help_requests;
pub mod helper;
pub mod leader;
pub mod mailbox;
pub mod office;
mod office_words;
pub mod path;
pub mod public;
pub mod records;
pub mod stay;
pub mod trainer;
pub mod venues;

#[cfg(test)]
mod encoded;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod written_out;

use std::fmt;

use rocket::http::uri::{self, Reference};

/// An address on this site. Templates print it, and redirects go to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Href(String);

impl Href {
    fn of(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// One segment deeper.
    fn join(mut self, segment: impl fmt::Display) -> Self {
        if !self.0.ends_with('/') {
            self.0.push('/');
        }
        for byte in segment.to_string().bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.0.push(char::from(byte));
            } else {
                self.0.push_str(&format!("%{byte:02X}"));
            }
        }
        self
    }

    /// With one more value in the query.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        self.0.push('=');
        self.0.extend(form_urlencoded::byte_serialize(value.to_string().as_bytes()));
        self
    }

    /// With what was just done, for the notice on top of the page: a word or a number, never a
    /// name.
    #[must_use]
    pub fn done(self, what: impl fmt::Display) -> Self {
        self.with("done", what)
    }

    /// At a part of the page.
    #[must_use]
    pub fn at(mut self, id: impl fmt::Display) -> Self {
        self.0.push_str(&format!("#{id}"));
        self
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Links do not show themselves in logs: some of them open something.
impl fmt::Debug for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Href(***)")
    }
}

impl TryFrom<Href> for Reference<'static> {
    type Error = uri::Error<'static>;

    fn try_from(href: Href) -> Result<Self, Self::Error> {
        Self::parse_owned(href.0)
    }
}
