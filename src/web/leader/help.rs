//! What a leader asks for one of her people so that she can come.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    domain::{
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        help_asked::{AskedHelp, HelpAsking, HelpField, OfPlace, Sent, sent, shown},
        leader::{
            opened::booked,
            words::{called, when},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, ask]
}

#[derive(Template)]
#[template(path = "leader/help.html")]
struct LeaderHelpPage {
    chrome: Chrome,
    session: Session,
    /// For whom.
    called: String,
    asking: HelpAsking,
    token: Token,
    here: Href,
}

impl LeaderHelpPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

/// The place of this number, the open one if there is any: what was asked with one that was given up can be read.
fn place(registration: &Registration, number: u32) -> Result<&Place, Failure> {
    let numbered = || registration.places.iter().filter(|place| place.number == number);
    let open = numbered().find(|place| place.state.status().is_open());
    let place = open.or_else(|| numbered().next()).ok_or(Failure::NotFound)?;
    let is_held = place.state.status() == PlaceStatus::Held;
    if is_held { Err(Failure::NotFound) } else { Ok(place) }
}

fn of<'a>(session: &'a Session, registration: &Registration, place: &Place) -> OfPlace<'a> {
    OfPlace {
        session,
        registration: registration.id,
        place: place.id,
        is_open: place.state.status().is_open() && place.attendee.is_some(),
    }
}

fn page(
    desk: &Desk,
    session: Session,
    place: &Place,
    asking: HelpAsking,
    token: Token,
) -> Page<LeaderHelpPage> {
    let (status, called) = (asking.status, called(place));
    let here = paths::help_requests::for_person(&token, &place.number);
    let chrome = desk.private_chrome(Area::Booking);
    Page { status, template: LeaderHelpPage { chrome, session, called, asking, token, here } }
}

#[get("/r/<token>/places/<number>/help?<asked..>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    number: u32,
    asked: AskedHelp<'_>,
) -> Result<Page<LeaderHelpPage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let asking = shown(desk, &of(&session, &registration, place), asked).await?;
    Ok(page(desk, session, place, asking, token))
}

#[post("/r/<token>/places/<number>/help", data = "<fields>")]
async fn ask(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<LeaderHelpPage>>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let sent = {
        let of = of(&session, &registration, place);
        sent(desk, &Actor::Leader, &of, &fields).await
    };
    let back = paths::leader::booking(&token);
    match sent.map_err(|failure| failure.leads(back, "Back to your booking"))? {
        Sent::Done(word) => {
            let here = paths::help_requests::for_person(&token, &number);
            Ok(Ok(Redirect::to(here.done(word))))
        }
        Sent::Again(asking) => Ok(Err(page(desk, session, place, asking, token))),
    }
}
