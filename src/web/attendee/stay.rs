//! How whoever has a place stays overnight: which nights, what room, how she travels.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::stay::say::{StayError, say_stay},
    domain::{audit::Actor, place::PlaceStatus, session::Session, stay::Stay},
    store::{rooms, stays},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, opened},
        failure::Failure,
        forms::{Fields, edited},
        guard::SameOrigin,
        leader::words::when,
        page::{Area, Chrome, Page},
        paths,
        stay_form::{self, StayField, StayForm},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

#[derive(Template)]
#[template(path = "attendee/stay.html")]
struct OwnStayPage {
    chrome: Chrome,
    session: Session,
    form: StayForm,
    /// What she said, if anything.
    known: Option<Stay>,
    /// Whether she can still say it.
    can_say: bool,
    /// Her room, once she was told it.
    room: Option<String>,
    token: Token,
}

impl OwnStayPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

/// What she said, if anything, and which room she was told.
type Known = (Option<Stay>, Option<String>);

/// The place that a link opens, where it is hers and people stay.
async fn hers(desk: &Desk, token: &Token) -> Result<(Opened, Known), Failure> {
    let opened = opened(desk, token).await?;
    let back = || paths::attendee::place(token);
    if opened.session.nights().is_empty() {
        return Err(Failure::from(StayError::NobodyStays).leads(back(), "Back to your place"));
    }
    let is_hers = opened.place.state.status() == PlaceStatus::Confirmed;
    if !is_hers || opened.place.attendee.is_none() {
        return Err(Failure::from(StayError::NoSuchPlace).leads(back(), "Back to your place"));
    }
    let mut conn = desk.ctx.store.read().await?;
    let known = stays::of_place(&mut conn, opened.place.id).await?;
    let room = rooms::told_of_place(&mut conn, opened.place.id).await?;
    Ok((opened, (known, room)))
}

fn page(
    desk: &Desk,
    (session, (known, room)): (Session, Known),
    form: StayForm,
    token: Token,
) -> OwnStayPage {
    OwnStayPage {
        chrome: desk.private_chrome(Area::Booking),
        can_say: session.takes_stays_at(desk.ctx.now()),
        session,
        form,
        known,
        room,
        token,
    }
}

#[get("/p/<token>/stay")]
async fn show(desk: &State<Desk>, token: Token) -> Result<Page<OwnStayPage>, Failure> {
    let (opened, known) = hers(desk, &token).await?;
    let form = StayForm::filled(&opened.session, known.0.as_ref());
    Ok(Page::ok(page(desk, (opened.session, known), form, token)))
}

#[post("/p/<token>/stay", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<OwnStayPage>>, Failure> {
    let (opened, known) = hers(desk, &token).await?;
    let (id, session) = ((opened.registration.id, opened.place.id), opened.session);
    let (state, stay) = stay_form::read(&fields, &session, known.0.as_ref());
    let back = paths::attendee::place(&token);
    let Some(stay) = stay else {
        let form = StayForm::typed(&session, state);
        return Ok(Err(Page::unprocessable(page(desk, (session, known), form, token))));
    };
    let drawn = edited::drawn(&fields);
    let error = match say_stay(&desk.ctx, &Actor::Attendee, id, &stay, drawn.as_ref()).await {
        Ok(()) => return Ok(Ok(Redirect::to(back.done("saved")))),
        Err(error) => error,
    };
    let told = stay_form::told(desk, &session, (state, error), &Actor::Attendee).await;
    let (status, state) = told.map_err(|failure| failure.leads(back, "Back to your place"))?;
    let template = page(desk, (session.clone(), known), StayForm::typed(&session, state), token);
    Ok(Err(Page { status, template }))
}
