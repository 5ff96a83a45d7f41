//! How one person of a booking stays overnight, as whoever booked says it.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::stay::say::{StayError, say_stay},
    domain::{audit::Actor, id::RegistrationId, place::Place, session::Session, stay::Stay},
    store::stays,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, edited},
        guard::SameOrigin,
        leader::{
            opened::{booked, place},
            stays::who_stays,
            words::{called, when},
        },
        page::{Area, Chrome, Page},
        paths,
        stay_form::{self, StayField, StayForm},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

#[derive(Template)]
#[template(path = "leader/stay.html")]
struct PersonsStayPage {
    chrome: Chrome,
    session: Session,
    place: Place,
    form: StayForm,
    token: Token,
}

impl PersonsStayPage {
    fn when(&self) -> String {
        when(&self.session)
    }

    fn name(&self) -> String {
        called(&self.place)
    }
}

struct Found {
    id: RegistrationId,
    session: Session,
    place: Place,
    known: Option<Stay>,
}

/// The person with a number, where people stay and it can still be said.
async fn found(desk: &Desk, token: &Token, number: u32) -> Result<Found, Failure> {
    let (session, registration) = booked(desk, token).await?;
    let place = place(&registration, number)?;
    let refused = match () {
        () if session.nights().is_empty() => Some(StayError::NobodyStays),
        () if !who_stays(&registration).any(|one| one.id == place.id) => {
            Some(StayError::NoSuchPlace)
        }
        () if !session.takes_stays_at(desk.ctx.now()) => Some(StayError::TooLate),
        () => None,
    };
    if let Some(error) = refused {
        let back = paths::leader::booking(token);
        return Err(Failure::from(error).leads(back, "Back to your booking"));
    }
    let mut conn = desk.ctx.store.read().await?;
    let known = stays::of_place(&mut conn, place.id).await?;
    Ok(Found { id: registration.id, session, place, known })
}

fn page(desk: &Desk, found: Found, form: StayForm, token: Token) -> PersonsStayPage {
    let chrome = desk.private_chrome(Area::Booking);
    PersonsStayPage { chrome, session: found.session, place: found.place, form, token }
}

#[get("/r/<token>/places/<number>/stay")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<PersonsStayPage>, Failure> {
    let found = found(desk, &token, number).await?;
    let form = StayForm::filled(&found.session, found.known.as_ref());
    Ok(Page::ok(page(desk, found, form, token)))
}

#[post("/r/<token>/places/<number>/stay", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<PersonsStayPage>>, Failure> {
    let found = found(desk, &token, number).await?;
    let (state, stay) = stay_form::read(&fields, &found.session, found.known.as_ref());
    let Some(stay) = stay else {
        let form = StayForm::typed(&found.session, state);
        return Ok(Err(Page::unprocessable(page(desk, found, form, token))));
    };
    let (id, drawn) = ((found.id, found.place.id), edited::drawn(&fields));
    let back = paths::stay::of_booking(&token);
    let error = match say_stay(&desk.ctx, &Actor::Leader, id, &stay, drawn.as_ref()).await {
        Ok(()) => return Ok(Ok(Redirect::to(back.done("saved")))),
        Err(error) => error,
    };
    let told = stay_form::told(desk, &found.session, (state, error), &Actor::Leader).await;
    let (status, state) = told.map_err(|failure| failure.leads(back, "Back to the list"))?;
    let form = StayForm::typed(&found.session, state);
    Ok(Err(Page { status, template: page(desk, found, form, token) }))
}
