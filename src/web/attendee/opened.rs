//! What an attendee's own, weaker link opens: her place, never the team.

use chrono::{DateTime, Utc};

use crate::{
    actions::booking::change_attendee::ChangeError,
    domain::{
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
    },
    store::{
        door,
        links::{self, LinkTarget},
        places, registrations, replies, sessions,
    },
    token::Token,
    web::{Desk, certificate::Attended, failure::Failure, leader::opened::ended},
};

/// What an attendee's link opens.
pub struct Opened {
    pub session: Session,
    pub registration: Registration,
    pub place: Place,
    /// When it goes to somebody else, because her calendar said no.
    pub release_at: Option<DateTime<Utc>>,
    /// When the place came to be as it is, by whom, and what was said about why.
    pub last_change: Option<(DateTime<Utc>, Actor, Option<String>)>,
}

pub async fn opened(desk: &Desk, token: &Token) -> Result<Opened, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let target = links::find(&mut conn, token.hash(), desk.ctx.now()).await?;
    let Some(LinkTarget::Attendee(id)) = target else { return Err(ended(&mut conn, token).await?) };
    let owner = places::registration_of(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let registration = registrations::find(&mut conn, owner).await?.ok_or(Failure::NotFound)?;
    let session =
        sessions::find(&mut conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    let place = registration.places.iter().find(|place| place.id == id);
    let place = place.cloned().ok_or(Failure::NotFound)?;
    let release_at = replies::release_at(&mut conn, id).await?;
    let last_change = places::last_change(&mut conn, id).await?;
    Ok(Opened { session, registration, place, release_at, last_change })
}

/// The name on a place that is hers.
pub fn name(opened: &Opened) -> Result<String, Failure> {
    let is_hers = opened.place.state.status() == PlaceStatus::Confirmed;
    let attendee = opened.place.attendee.as_ref().filter(|_| is_hers);
    let name = attendee.map(|attendee| attendee.name.to_string());
    name.ok_or_else(|| ChangeError::NoSuchPlace.into())
}

/// What somebody attended of a session, once anything is known.
pub async fn attended(desk: &Desk, opened: &Opened) -> Result<Option<Attended>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let counts = door::attended_sittings(&mut conn, &opened.session.code).await?;
    let days = counts.get(&opened.place.id).and_then(|days| usize::try_from(*days).ok());
    Ok(days.filter(|days| *days > 0).map(|days| Attended::of(&opened.session, days)))
}
