//! What whoever has a place asks for so that she can come, or whoever asks for one or waits.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    domain::{audit::Actor, session::Session},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, opened},
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        help_asked::{AskedHelp, HelpAsking, HelpField, OfPlace, Sent, sent, shown},
        leader::words::when,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, ask]
}

#[derive(Template)]
#[template(path = "attendee/help.html")]
struct OwnHelpPage {
    chrome: Chrome,
    session: Session,
    asking: HelpAsking,
    token: Token,
    here: Href,
}

impl OwnHelpPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

fn of(opened: &Opened) -> OfPlace<'_> {
    let place = &opened.place;
    OfPlace {
        session: &opened.session,
        registration: opened.registration.id,
        place: place.id,
        is_open: place.state.status().is_open() && place.attendee.is_some(),
    }
}

fn page(desk: &Desk, opened: Opened, asking: HelpAsking, token: Token) -> Page<OwnHelpPage> {
    let status = asking.status;
    let here = paths::help_requests::own(&token);
    let chrome = desk.private_chrome(Area::Booking);
    let template = OwnHelpPage { chrome, session: opened.session, asking, token, here };
    Page { status, template }
}

#[get("/p/<token>/help?<asked..>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    asked: AskedHelp<'_>,
) -> Result<Page<OwnHelpPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let asking = shown(desk, &of(&opened), asked).await?;
    Ok(page(desk, opened, asking, token))
}

#[post("/p/<token>/help", data = "<fields>")]
async fn ask(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<OwnHelpPage>>, Failure> {
    let opened = opened(desk, &token).await?;
    let back = paths::attendee::place(&token);
    let sent = sent(desk, &Actor::Attendee, &of(&opened), &fields).await;
    match sent.map_err(|failure| failure.leads(back, "Back to your place"))? {
        Sent::Done(word) => Ok(Ok(Redirect::to(paths::help_requests::own(&token).done(word)))),
        Sent::Again(asking) => Ok(Err(page(desk, opened, asking, token))),
    }
}
