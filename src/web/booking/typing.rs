//! A booking that is being typed. A hold that ran out is tried again, and what was typed stays.

use crate::{
    actions::booking::{
        hold_places::{held_until, hold_again},
        refusals::HoldError,
    },
    domain::{id::SessionCode, registration::Registration, session::Session, wording},
    token::Token,
    web::{Desk, failure::Failure, leader::opened::opened_by},
};

/// What a step needs to know: the session, the registration, and a notice if its hold ran out.
pub struct Typing {
    pub session: Session,
    pub registration: Registration,
    pub notice: Option<String>,
}

/// Opens a booking that is being typed. A hold that ran out is tried again, keeping the input.
pub async fn typing(desk: &Desk, code: &SessionCode, token: &Token) -> Result<Typing, Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if session.code != *code {
        return Err(Failure::NotFound);
    }
    let id = registration.id;
    let live = held_until(&registration).is_some_and(|until| until > desk.ctx.now());
    if live || registration.booked_at.is_some() {
        return Ok(Typing { session, registration, notice: None });
    }
    crate::actions::places::settle::settle_all(&desk.ctx).await?;
    let notice = match hold_again(&desk.ctx, id).await {
        Ok(()) => "Your hold ended, but your places were still free. We are holding them again.",
        Err(HoldError::Store(error)) => return Err(error.into()),
        Err(
            HoldError::NoSuchSession
            | HoldError::NotOpen(_)
            | HoldError::NotEnough { .. }
            | HoldError::InstitutionLimit { .. }
            | HoldError::WrongNumber { .. }
            | HoldError::TooMany
            | HoldError::AlreadyExtended,
        ) => "Your hold ended, and the places have been taken. Nothing is booked.",
    };
    let (session, registration) = opened_by(desk, token).await?;
    Ok(Typing { session, registration, notice: Some(notice.to_owned()) })
}

pub fn until_words(session: &Session, registration: &Registration) -> String {
    let until = held_until(registration).map(|until| until.with_timezone(&session.zone()));
    until.map_or_else(String::new, |until| wording::time(until.time()))
}
