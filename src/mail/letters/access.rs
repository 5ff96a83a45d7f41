//! Letters that let somebody in: back to a booking, or into the office.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::Frame,
};
use crate::domain::wording;

/// A booking somebody may open again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingLink {
    /// The title of the session's course.
    pub title: String,
    /// Its days in words, as [`wording::days`] says them.
    pub days: String,
    /// The leader's private link.
    pub url: String,
}

struct LostLink {
    frame: Frame,
    bookings: Vec<BookingLink>,
    /// What is booked, in one line.
    titles: String,
    /// One page with all of it.
    all: String,
}

/// To whoever asked: links to the bookings under this address. Without any, it says so, so that
/// the page that sends it need not tell a stranger who has booked.
pub fn lost_link(letterhead: &Letterhead, bookings: &[BookingLink], all: Option<&str>) -> Content {
    let titles: Vec<String> = bookings
        .iter()
        .map(|one| format!("{}, {}", plain::shortened(&one.title, 80), one.days))
        .collect();
    let bookings = bookings.iter().map(|one| BookingLink {
        title: plain::one_line(&one.title),
        days: plain::one_line(&one.days),
        url: one.url.clone(),
    });
    let letter = LostLink {
        frame: Frame::from_us(letterhead, ""),
        bookings: bookings.collect(),
        titles: wording::list(&titles),
        all: all.unwrap_or_default().to_owned(),
    };
    content!(
        &letter,
        LostLink,
        "letters/lost-link/subject.txt",
        "letters/lost-link/body.txt",
        "letters/lost-link/body.html"
    )
}

struct OwnData {
    frame: Frame,
    url: String,
}

/// To whoever asked what is held about her: a link to it.
pub fn own_data(letterhead: &Letterhead, name: &str, url: &str) -> Content {
    let letter = OwnData { frame: Frame::from_us(letterhead, name), url: url.to_owned() };
    content!(
        &letter,
        OwnData,
        "letters/own-data/subject.txt",
        "letters/own-data/body.txt",
        "letters/own-data/body.html"
    )
}

struct SignInLink {
    frame: Frame,
    minutes: u32,
    /// When that is over: whoever reads it later counts from another moment.
    deadline: String,
    url: String,
}

/// To staff: a link that signs them in once, within `valid_minutes`, which end at a moment.
pub fn sign_in_link(
    letterhead: &Letterhead,
    name: &str,
    url: &str,
    (valid_minutes, until, zone): (u32, DateTime<Utc>, Tz),
) -> Content {
    let letter = SignInLink {
        frame: Frame::from_us(letterhead, name),
        minutes: valid_minutes,
        deadline: wording::deadline(until, zone),
        url: url.to_owned(),
    };
    content!(
        &letter,
        SignInLink,
        "letters/sign-in-link/subject.txt",
        "letters/sign-in-link/body.txt",
        "letters/sign-in-link/body.html"
    )
}

struct AddressChanged {
    frame: Frame,
}

/// To the address that staff had: another has taken its place, so that nobody moves an account behind
/// its holder's back. The new address is not named: this one may be read by somebody else by now.
pub fn address_changed(letterhead: &Letterhead, name: &str) -> Content {
    let letter = AddressChanged { frame: Frame::from_us(letterhead, name) };
    content!(
        &letter,
        AddressChanged,
        "letters/address-changed/subject.txt",
        "letters/address-changed/body.txt",
        "letters/address-changed/body.html"
    )
}

struct PasskeyAdded {
    frame: Frame,
    passkey: String,
    url: String,
}

/// To staff: a passkey signs them in from now on, so that nobody adds one behind their back.
pub fn passkey_added(letterhead: &Letterhead, name: &str, passkey: &str, url: &str) -> Content {
    let letter = PasskeyAdded {
        frame: Frame::from_us(letterhead, name),
        passkey: plain::one_line(passkey),
        url: url.to_owned(),
    };
    content!(
        &letter,
        PasskeyAdded,
        "letters/passkey-added/subject.txt",
        "letters/passkey-added/body.txt",
        "letters/passkey-added/body.html"
    )
}
