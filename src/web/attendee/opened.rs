//! What an attendee's own, weaker link opens: her place, never the team.

use chrono::{DateTime, Utc};

use crate::{
    actions::booking::change_attendee::ChangeError,
    domain::{
        audit::Actor,
        id::PlaceId,
        place::{Place, PlaceStatus},
        registration::Registration,
        retention::LINKS_LAST,
        session::Session,
    },
    store::{
        Conn, door,
        links::{self, LinkTarget},
        places, registrations, replies, sessions,
    },
    token::Token,
    web::{
        Desk, certificate::Attended, failure::Failure, leader::opened::ended, paths,
        refusal::OtherLink,
    },
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

/// The place of a link that is good, or of one that was good for as long as the place was hers: what became
/// of it is said to her.
pub async fn opened(desk: &Desk, token: &Token) -> Result<Opened, Failure> {
    let target = desk.link(token).await?;
    let (mut conn, now) = (desk.ctx.store.read().await?, desk.ctx.now());
    match target {
        Some(LinkTarget::Attendee(id)) => {
            return open(&mut conn, id).await?.ok_or(Failure::NotFound);
        }
        Some(LinkTarget::Leader(_)) => {
            let own = paths::leader::booking(token);
            return Err(Failure::from(OtherLink::Booking).leads(own, "Open your booking"));
        }
        _ => {}
    }
    if let Some(LinkTarget::Attendee(id)) = links::ended(&mut conn, token.hash(), now).await? {
        let opened = open(&mut conn, id).await?;
        let is_told = |one: &Opened| {
            let is_long_over = one.session.ends_at().is_none_or(|end| end + LINKS_LAST <= now);
            !one.place.state.status().is_open() && !is_long_over
        };
        if let Some(opened) = opened.filter(is_told) {
            return Ok(opened);
        }
    }
    Err(ended(&mut conn, token, now).await?)
}

/// Nothing where somebody else sits now: what became of her seat is none of the business of whoever had it.
async fn open(conn: &mut Conn, id: PlaceId) -> Result<Option<Opened>, Failure> {
    let owner = places::registration_of(conn, id).await?.ok_or(Failure::NotFound)?;
    let registration = registrations::find(conn, owner).await?.ok_or(Failure::NotFound)?;
    let session = sessions::find(conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    let place = registration.places.iter().find(|place| place.id == id);
    let Some(place) = place.cloned() else { return Ok(None) };
    let release_at = replies::release_at(conn, id).await?;
    let last_change = places::last_change(conn, id).await?;
    Ok(Some(Opened { session, registration, place, release_at, last_change }))
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
