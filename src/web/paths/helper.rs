//! The door as a helper sees it.

use super::Href;
use crate::token::Token;

/// The door that a helper's link opens.
pub fn door(token: &Token) -> Href {
    Href::of("/helper").join(token.secret())
}

/// Where a device sends what it took while it was without signal.
pub fn sync(token: &Token) -> Href {
    door(token).join("sync")
}

/// What keeps the door open without signal.
pub fn worker() -> Href {
    Href::of("/helper/door-worker.js")
}
