//! Help, privacy, accessibility, the lost link, and errors.

use askama::Template;

use super::super::{form::FormState, page::Chrome};

/// Help.
#[derive(Debug, Template)]
#[template(path = "public/help.html")]
pub struct HelpPage {
    /// The frame.
    pub chrome: Chrome,
}

/// How personal data is looked after.
#[derive(Debug, Template)]
#[template(path = "public/privacy.html")]
pub struct PrivacyPage {
    /// The frame.
    pub chrome: Chrome,
}

/// What works for whom.
#[derive(Debug, Template)]
#[template(path = "public/accessibility.html")]
pub struct AccessibilityPage {
    /// The frame.
    pub chrome: Chrome,
}

/// Asking for a lost link.
#[derive(Debug, Template)]
#[template(path = "public/lost_link.html")]
pub struct LostLinkPage {
    /// The frame.
    pub chrome: Chrome,
    /// What was typed.
    pub form: FormState,
}

/// The answer, the same whether or not the address is known (B8).
#[derive(Debug, Template)]
#[template(path = "public/lost_link_sent.html")]
pub struct LostLinkSentPage {
    /// The frame.
    pub chrome: Chrome,
    /// The address, as typed.
    pub email: String,
}

/// An attendee gave up her place.
#[derive(Debug, Template)]
#[template(path = "public/given_up.html")]
pub struct GivenUpPage {
    /// The frame.
    pub chrome: Chrome,
}

/// What went wrong, whether anything was booked, and a way on.
#[derive(Debug, Template)]
#[template(path = "public/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub chrome: Chrome,
    /// What went wrong.
    pub heading: &'static str,
    /// What it means, and what to do.
    pub message: &'static str,
}

impl ErrorPage {
    /// The page for a status.
    pub fn of(chrome: Chrome, status: u16) -> Self {
        let (heading, message) = match status {
            404 => (
                "We cannot find that page",
                "The link may be old, or mistyped. A private link that no longer works can be \
                 replaced: ask for a new one by email.",
            ),
            403 => {
                ("You cannot open this page", "Nothing was changed. Start again from our own page.")
            }
            413 => ("That was too long", "Nothing was saved. Please send less text."),
            429 => (
                "Too many tries",
                "Many requests came from your network just now. Nothing was booked or sent by this \
                 one. Please wait a few minutes, then try again, or phone us.",
            ),
            503 => (
                "We are too busy right now",
                "Nothing was booked or changed by this request. Please try again in a minute.",
            ),
            500..=599 => (
                "Something went wrong",
                "It is our fault, not yours. If you were booking, check your email before you try \
                 again: a booking that went through has a letter.",
            ),
            _ => ("That did not work", "Nothing was booked or changed. Please try again."),
        };
        Self { chrome, heading, message }
    }
}

/// What a code for the door is, for anybody but the trainer.
#[derive(Template)]
#[template(path = "public/door_code.html")]
pub struct DoorCodePage {
    /// The frame.
    pub chrome: Chrome,
}
