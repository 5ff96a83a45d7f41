//! How the people of a booking stay overnight, under the leader's link. Whoever has a link of their own may say it
//! there instead.

use std::collections::HashMap;

use askama::Template;
use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    actions::stay::say::StayError,
    domain::{
        id::PlaceId,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        stay::Stay,
    },
    store::stays,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        leader::{
            opened::booked,
            words::{called, when},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

#[derive(Template)]
#[template(path = "leader/stays.html")]
struct StaysPage {
    chrome: Chrome,
    session: Session,
    /// Whoever has a place and a name.
    people: Vec<Place>,
    known: HashMap<PlaceId, Stay>,
    can_say: bool,
    notice: Option<&'static str>,
    token: Token,
}

impl StaysPage {
    fn when(&self) -> String {
        when(&self.session)
    }

    fn name(&self, place: &Place) -> String {
        called(place)
    }

    /// What was said of somebody, on one line; `None`: nothing yet.
    fn said(&self, place: &Place) -> Option<String> {
        let stay = self.known.get(&place.id)?;
        let nights = stay.nights.words(&self.session.nights());
        let parts = [nights, stay.arrival.words(), stay.departure.words()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Some(parts.join("; "))
    }
}

/// Those of a booking who stay.
pub fn who_stays(registration: &Registration) -> impl Iterator<Item = &Place> {
    let places = registration.places.iter();
    places.filter(|one| one.state.status() == PlaceStatus::Confirmed && one.attendee.is_some())
}

#[get("/r/<token>/stay?<done>")]
async fn list(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Either<Page<StaysPage>, Redirect>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    if session.nights().is_empty() {
        let back = paths::leader::booking(&token);
        return Err(Failure::from(StayError::NobodyStays).leads(back, "Back to your booking"));
    }
    let people: Vec<Place> = who_stays(&registration).cloned().collect();
    let can_say = session.takes_stays_at(desk.ctx.now());
    // For one person there is nothing to choose.
    if let ([only], true, None) = (people.as_slice(), can_say, done) {
        return Ok(Either::Right(Redirect::to(paths::stay::of_person(&token, &only.number))));
    }
    let mut conn = desk.ctx.store.read().await?;
    let known = stays::of_registration(&mut conn, registration.id).await?;
    Ok(Either::Left(Page::ok(StaysPage {
        chrome: desk.private_chrome(Area::Booking),
        session,
        people,
        known,
        can_say,
        notice: (done == Some("saved")).then_some("Saved."),
        token,
    })))
}
