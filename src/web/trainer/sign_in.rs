//! Signing in with a passkey or by a link in a letter, and out again. Opening a link changes nothing: mail scanners
//! open links too, so each page ends in a button.

use askama::Template;

use crate::web::{form::FormState, page::Chrome};

/// Asking for a passkey, or for a sign-in link.
#[derive(Template)]
#[template(path = "trainer/sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whether passkeys work at our address.
    pub passkeys: bool,
    /// One field, `email`; `passkey` for what went wrong with one.
    pub form: FormState,
}

/// The answer, the same whether or not we know the address.
#[derive(Template)]
#[template(path = "trainer/sign_in_sent.html")]
pub struct SignInSentPage {
    /// The frame.
    pub chrome: Chrome,
    /// The address as typed.
    pub email: String,
    /// For how many minutes the link works.
    pub minutes: u32,
}

/// Where the link leads: one button away from being signed in.
#[derive(Template)]
#[template(path = "trainer/sign_in_confirm.html")]
pub struct SignInConfirmPage {
    /// The frame.
    pub chrome: Chrome,
    /// Where the button posts to; the form has one field, the checkbox `remember`.
    pub action: String,
}

/// Asking before signing out.
#[derive(Template)]
#[template(path = "trainer/sign_out.html")]
pub struct SignOutPage {
    /// The frame.
    pub chrome: Chrome,
}

/// A link that was used, ran out or was replaced.
#[derive(Template)]
#[template(path = "trainer/dead_link.html")]
pub struct DeadLinkPage {
    /// The frame.
    pub chrome: Chrome,
    /// Where to get a new one: `/sign-in` or `/lost-link`.
    pub again: &'static str,
}
