//! The addresses of the steps of one booking.

use crate::{domain::id::SessionCode, token::Token};

/// The addresses of the steps of one booking.
pub struct Steps {
    pub start: String,
    pub people: String,
    pub check: String,
    pub hold: String,
}

impl Steps {
    pub fn of(code: &SessionCode, token: &Token) -> Self {
        let start = format!("/sessions/{code}/register");
        let base = format!("{start}/{}", token.secret());
        Self {
            people: format!("{base}/people"),
            check: format!("{base}/check"),
            hold: format!("{base}/hold"),
            start,
        }
    }
}
