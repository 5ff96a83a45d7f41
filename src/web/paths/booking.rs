//! Booking, step by step. The token names the attempt, so that posting twice books once.

use super::Href;
use crate::{
    domain::id::{SeriesId, SessionCode},
    token::Token,
};

pub fn start(session: &SessionCode) -> Href {
    Href::of("/sessions").join(session).join("register")
}

/// The first step, of somebody who changes an answer on the last one and then goes back there.
pub fn start_again(session: &SessionCode) -> Href {
    start(session).with("then", "check")
}

pub fn people(session: &SessionCode, attempt: &Token) -> Href {
    start(session).join(attempt.secret()).join("people")
}

/// What the session asks, between who is coming and the last step.
pub fn questions(session: &SessionCode, attempt: &Token) -> Href {
    start(session).join(attempt.secret()).join("questions")
}

pub fn check(session: &SessionCode, attempt: &Token) -> Href {
    start(session).join(attempt.secret()).join("check")
}

pub fn hold(session: &SessionCode, attempt: &Token) -> Href {
    start(session).join(attempt.secret()).join("hold")
}

pub fn waiting_list(session: &SessionCode) -> Href {
    Href::of("/sessions").join(session).join("waiting-list")
}

/// The first step of booking evenings of a series.
pub fn start_series(series: &SeriesId) -> Href {
    Href::of("/series").join(series).join("register")
}
