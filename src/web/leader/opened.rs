//! What a leader's private link opens.

use crate::{
    actions::booking::change_attendee::ChangeError,
    domain::{place::Place, registration::Registration, session::Session},
    store::{
        links::{self, LinkTarget},
        registrations, sessions,
    },
    token::Token,
    web::{Desk, failure::Failure},
};

/// The registration a leader's token opens.
pub async fn opened_by(desk: &Desk, token: &Token) -> Result<(Session, Registration), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let target = links::find(&mut conn, token.hash(), desk.ctx.now()).await?;
    let Some(LinkTarget::Leader(id)) = target else { return Err(Failure::NotFound) };
    let registration = registrations::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let session =
        sessions::find(&mut conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    Ok((session, registration))
}

/// The booking a link opens, once it was sent off.
pub async fn booked(desk: &Desk, token: &Token) -> Result<(Session, Registration), Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if registration.booked_at.is_some() {
        Ok((session, registration))
    } else {
        Err(Failure::NotFound)
    }
}

/// An open place of a booking, by its number. One that was given up is said to be so; one that never was is
/// not found.
pub fn place(registration: &Registration, number: u32) -> Result<Place, Failure> {
    let mut numbered = registration.places.iter().filter(|place| place.number == number).peekable();
    if numbered.peek().is_none() {
        return Err(Failure::NotFound);
    }
    let open = numbered.find(|place| place.state.status().is_open());
    open.cloned().ok_or_else(|| ChangeError::NoSuchPlace.into())
}
