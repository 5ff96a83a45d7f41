//! Signing in and out, and one's own account.

use super::Href;
use crate::{domain::id::PasskeyId, token::Token};

pub fn sign_in() -> Href {
    Href::of("/sign-in")
}

pub fn sign_in_link(token: &Token) -> Href {
    sign_in().join(token.secret())
}

pub fn sign_in_passkey() -> Href {
    sign_in().join("passkey")
}

pub fn sign_in_passkey_start() -> Href {
    sign_in_passkey().join("start")
}

pub fn sign_out() -> Href {
    Href::of("/sign-out")
}

pub fn account() -> Href {
    Href::of("/account")
}

pub fn sign_out_everywhere() -> Href {
    account().join("sign-out-everywhere")
}

/// Offering a passkey, and adding one.
pub fn passkeys() -> Href {
    account().join("passkeys")
}

/// The line about oneself on public pages.
pub fn about() -> Href {
    account().join("about")
}

/// Letters one may want or not.
pub fn letters() -> Href {
    account().join("letters")
}

pub fn passkeys_start() -> Href {
    passkeys().join("start")
}

pub fn passkey(id: &PasskeyId) -> Href {
    passkeys().join(id)
}

pub fn passkey_remove(id: &PasskeyId) -> Href {
    passkey(id).join("remove")
}
