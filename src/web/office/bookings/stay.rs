//! How somebody on a place stays overnight, written down by the office on her word. Whoever opens it has read what
//! she wishes of her room, and the log says so (P1).

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        door::read_roster::note_reading,
        stay::say::{StayError, say_stay},
    },
    domain::{
        place::Place, reference::Reference, registration::Registration, session::Session,
        stay::Stay, wording,
    },
    store::stays,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, edited},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::{opened::place, stays::who_stays, words::called},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
        stay_form::{self, StayField, StayForm},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/stay.html")]
struct PlaceStayPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    place: Place,
    form: StayForm,
}

impl PlaceStayPage {
    fn name(&self) -> String {
        called(&self.place)
    }
}

struct Found {
    session: Session,
    booking: Registration,
    place: Place,
    known: Option<Stay>,
}

async fn found(
    desk: &Desk,
    who: &Who,
    reference: &Reference,
    number: u32,
) -> Result<Found, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    let place = place(&booking, number)?;
    let refused = match () {
        () if session.nights().is_empty() => Some(StayError::NobodyStays),
        () if !who_stays(&booking).any(|one| one.id == place.id) => Some(StayError::NoSuchPlace),
        () => None,
    };
    if let Some(error) = refused {
        let back = paths::office::booking(reference);
        return Err(Failure::from(error).leads(back, "Back to the booking"));
    }
    let known = stays::of_place(&mut conn, place.id).await?;
    Ok(Found { session, booking, place, known })
}

fn page(desk: &Desk, who: &Who, found: Found, form: StayForm) -> PlaceStayPage {
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    PlaceStayPage {
        chrome,
        session: found.session,
        booking: found.booking,
        place: found.place,
        form,
    }
}

#[get("/office/bookings/<reference>/places/<number>/stay")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    number: u32,
) -> Result<Page<PlaceStayPage>, Failure> {
    let found = found(desk, &who, &reference, number).await?;
    note_reading(&desk.ctx, &who.actor(), (&found.booking, found.place.id)).await?;
    let form = StayForm::filled(&found.session, found.known.as_ref());
    Ok(Page::ok(page(desk, &who, found, form)))
}

#[post("/office/bookings/<reference>/places/<number>/stay", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<PlaceStayPage>>, Failure> {
    let found = found(desk, &who, &reference, number).await?;
    let (state, stay) = stay_form::read(&fields, &found.session, found.known.as_ref());
    let Some(stay) = stay else {
        let form = StayForm::typed(&found.session, state);
        return Ok(Err(Page::unprocessable(page(desk, &who, found, form))));
    };
    let (id, drawn) = ((found.booking.id, found.place.id), edited::drawn(&fields));
    let back = paths::office::booking(&reference);
    let actor = who.actor();
    let error = match say_stay(&desk.ctx, &actor, id, &stay, drawn.as_ref()).await {
        Ok(()) => return Ok(Ok(Redirect::to(back.done("saved")))),
        Err(error) => error,
    };
    let told = stay_form::told(desk, &found.session, (state, error), &actor).await;
    let (status, state) = told.map_err(|failure| failure.leads(back, "Back to the booking"))?;
    let form = StayForm::typed(&found.session, state);
    Ok(Err(Page { status, template: page(desk, &who, found, form) }))
}
