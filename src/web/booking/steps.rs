//! The addresses of the steps of one booking.

use crate::{
    domain::id::SessionCode,
    token::Token,
    web::paths::{self, Href},
};

/// The addresses of the steps of one booking.
pub struct Steps {
    pub start: Href,
    pub people: Href,
    pub check: Href,
    pub hold: Href,
}

impl Steps {
    pub fn of(code: &SessionCode, token: &Token) -> Self {
        Self {
            start: paths::booking::start(code),
            people: paths::booking::people(code, token),
            check: paths::booking::check(code, token),
            hold: paths::booking::hold(code, token),
        }
    }
}
