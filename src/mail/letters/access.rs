//! Letters that let somebody in: back to a booking, or into the office.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Frame, Opening, site_name},
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
}

/// To whoever asked: links to the bookings under this address. Without any, it says so, so that
/// the page that sends it need not tell a stranger who has booked.
pub fn lost_link(sender: &Sender, bookings: &[BookingLink]) -> Content {
    let site = site_name(sender);
    let lead = match bookings.len() {
        0 => "There is no booking under this address.".to_owned(),
        1 => "There is 1 booking under this address.".to_owned(),
        many => format!("There are {many} bookings under this address."),
    };
    let titles: Vec<String> = bookings
        .iter()
        .map(|one| format!("{}, {}", plain::shortened(&one.title, 80), one.days))
        .collect();
    let subject = match titles.as_slice() {
        [] => "We found no booking".to_owned(),
        [one] => format!("Your booking: {one}"),
        many => format!("Your bookings: {}", wording::list(many)),
    };
    let letter = LostLink {
        frame: Frame::new(
            sender,
            &Opening {
                subject,
                heading: "Your bookings",
                lead,
                to_name: "",
                why: format!("You get this email because somebody asked for it at {site}."),
                signed: vec![sender.name.clone()],
            },
        ),
        bookings: bookings
            .iter()
            .map(|one| BookingLink {
                title: plain::one_line(&one.title),
                days: plain::one_line(&one.days),
                url: one.url.clone(),
            })
            .collect(),
    };
    content!(&letter, LostLink, "letters/lost-link/body.txt", "letters/lost-link/body.html")
}

struct SignInLink {
    frame: Frame,
    button: Button,
}

/// To staff: a link that signs them in once, within `valid_minutes`.
pub fn sign_in_link(sender: &Sender, name: &str, url: &str, valid_minutes: u32) -> Content {
    let site = site_name(sender);
    let minutes = wording::count(usize::try_from(valid_minutes).unwrap_or(0), "minute", "minutes");
    let letter = SignInLink {
        frame: Frame::new(
            sender,
            &Opening {
                subject: "Sign in to Turnout".to_owned(),
                heading: "Sign in",
                lead: format!("Your link works once, in the next {minutes}."),
                to_name: name,
                why: format!("You get this email because somebody asked to sign in at {site}."),
                signed: vec![sender.name.clone()],
            },
        ),
        button: Button {
            url: url.to_owned(),
            label: "Sign in",
            caution: "This link is private. Anyone who has it can sign in as you, so do not \
                      forward this email."
                .to_owned(),
        },
    };
    content!(&letter, SignInLink, "letters/sign-in-link/body.txt", "letters/sign-in-link/body.html")
}

struct PasskeyAdded {
    frame: Frame,
    button: Button,
}

/// To staff: a passkey signs them in from now on, so that nobody adds one behind their back.
pub fn passkey_added(sender: &Sender, name: &str, passkey: &str, url: &str) -> Content {
    let site = site_name(sender);
    let letter = PasskeyAdded {
        frame: Frame::new(
            sender,
            &Opening {
                subject: "A passkey was added to your Turnout account".to_owned(),
                heading: "A passkey was added",
                lead: format!("\u{201c}{passkey}\u{201d} signs you in from now on."),
                to_name: name,
                why: format!("You get this email because you have an account at {site}."),
                signed: vec![sender.name.clone()],
            },
        ),
        button: Button {
            url: url.to_owned(),
            label: "Your account",
            caution: "If it was you, there is nothing to do.".to_owned(),
        },
    };
    content!(
        &letter,
        PasskeyAdded,
        "letters/passkey-added/body.txt",
        "letters/passkey-added/body.html"
    )
}
