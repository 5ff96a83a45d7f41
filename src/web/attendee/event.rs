//! Where an event in a calendar leads. Calendars are shared, so this shows the day and changes nothing:
//! what changes a place is the link in the letter, which is sent again from here.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::resend_letters::resend_to_attendee,
    domain::{id::PlaceId, place::PlaceStatus, session::Session},
    store::{links::LinkTarget, places, registrations, sessions},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        guard::SameOrigin,
        leader::words::when,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// The day of somebody's place, for whoever sees her calendar. It names nobody.
#[derive(Template)]
#[template(path = "attendee/event.html")]
struct EventPage {
    chrome: Chrome,
    session: Session,
    /// The link in the event.
    token: Token,
    /// Whether the place is still somebody's.
    stands: bool,
    /// Whether a letter has just been asked for.
    is_sent: bool,
}

impl EventPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

async fn opened(desk: &Desk, token: &Token) -> Result<(PlaceId, Session, bool), Failure> {
    let target = desk.link(token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let Some(LinkTarget::Event(id)) = target else { return Err(Failure::NotFound) };
    let owner = places::registration_of(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let registration = registrations::find(&mut conn, owner).await?.ok_or(Failure::NotFound)?;
    let session = sessions::find(&mut conn, &registration.session).await?;
    let place = registration.places.iter().find(|place| place.id == id);
    let stands = place.is_some_and(|place| place.state.status() == PlaceStatus::Confirmed);
    Ok((id, session.ok_or(Failure::NotFound)?, stands))
}

#[get("/e/<token>?<done>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<EventPage>, Failure> {
    let (_, session, stands) = opened(desk, &token).await?;
    let (chrome, is_sent) = (desk.private_chrome(Area::Booking), done == Some("sent"));
    Ok(Page::ok(EventPage { chrome, session, token, stands, is_sent }))
}

#[post("/e/<token>")]
async fn send(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let (place, ..) = opened(desk, &token).await?;
    resend_to_attendee(&desk.ctx, place).await?;
    Ok(Redirect::to(paths::attendee::event(&token).done("sent")))
}

pub fn routes() -> Vec<Route> {
    routes![show, send]
}
