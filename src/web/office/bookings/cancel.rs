//! Cancelling places of a booking, on somebody's word.

use askama::Template;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::cancel_places::{Which, cancel_as_shown, drawn_from},
    domain::{
        place::Place, reference::Reference, registration::Registration, session::Session,
        text::Paragraph, wording,
    },
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::words::called,
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, cancel]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Why = "why",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/cancel.html")]
struct BookingCancelPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    /// The number of the place; `None` for all.
    number: Option<u32>,
    /// The names of those it is about.
    names: Vec<String>,
    form: FormState<Field>,
}

impl BookingCancelPage {
    fn action(&self) -> Href {
        match &self.number {
            Some(number) => paths::office::place_cancel(&self.booking.reference, number),
            None => paths::office::booking_cancel(&self.booking.reference),
        }
    }

    fn heading(&self) -> String {
        match self.names.as_slice() {
            [one] => format!("Cancel the place of {one}?"),
            many => format!("Cancel all {} places?", many.len()),
        }
    }

    fn people(&self) -> String {
        wording::list(&self.names)
    }

    fn button(&self) -> String {
        format!("Cancel {}", wording::count(self.names.len(), "place", "places"))
    }
}

/// Which place; all without one.
#[derive(Debug, FromForm)]
struct WhichPlace<'r> {
    place: Option<&'r str>,
}

impl WhichPlace<'_> {
    /// Its number. What is no number is not taken for all of them.
    fn number(&self) -> Result<Option<u32>, Unusable> {
        asked::one("place", self.place, "it is the number of a place of the booking")
    }
}

/// The open places that are meant, and the page that asks about them.
async fn cancel_page(
    desk: &Desk,
    who: &Who,
    reference: &Reference,
    number: Option<u32>,
    form: FormState<Field>,
) -> Result<(Vec<Place>, BookingCancelPage), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    if number.is_some_and(|number| !booking.places.iter().any(|one| one.number == number)) {
        return Err(Failure::NotFound);
    }
    let meant = |place: &&Place| {
        place.state.status().is_open() && number.is_none_or(|number| number == place.number)
    };
    let places: Vec<Place> = booking.places.iter().filter(meant).cloned().collect();
    let names = places.iter().map(called).collect();
    let mut form = form;
    if form.drawn().is_empty() {
        form.draw_from(drawn_from(&places).to_string());
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok((places, BookingCancelPage { chrome, session, booking, number, names, form }))
}

#[get("/office/bookings/<reference>/cancel?<which..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    which: WhichPlace<'_>,
) -> Result<Either<Redirect, Page<BookingCancelPage>>, Failure> {
    let empty = FormState::default();
    let (places, page) = cancel_page(desk, &who, &reference, which.number()?, empty).await?;
    if places.is_empty() {
        return Ok(Either::Left(Redirect::to(paths::office::booking(&reference))));
    }
    Ok(Either::Right(Page::ok(page)))
}

#[post("/office/bookings/<reference>/cancel?<which..>", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    which: WhichPlace<'_>,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingCancelPage>>, Failure> {
    let number = which.number()?;
    let mut form = FormState::sent(&fields);
    let Ok(why) = Paragraph::parse_optional(form.value(Field::Why)) else {
        form.fault(Field::Why, "Say why in up to 1,000 letters");
        let (_, page) = cancel_page(desk, &who, &reference, number, form).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    let (places, page) = cancel_page(desk, &who, &reference, number, form).await?;
    let which = match (number, places.first()) {
        (Some(_), Some(place)) => Which::One(place.id),
        // Sent twice, or cancelled meanwhile by somebody else: the others keep their places.
        (Some(_), None) => {
            return Ok(Either::Left(Redirect::to(paths::office::booking(&reference))));
        }
        (None, _) => Which::All,
    };
    let (actor, id, drawn) = (who.actor(), page.booking.id, edited::drawn(&fields));
    let what = (which, why.as_ref());
    let gone = match cancel_as_shown(&desk.ctx, &actor, id, what, drawn.as_ref()).await {
        Ok(gone) => gone,
        Err(error) => {
            let failure = Failure::from(error);
            return Err(failure.leads(paths::office::booking(&reference), "Back to the booking"));
        }
    };
    let done = paths::office::booking(&reference).done(format_args!("cancelled-{}", gone.len()));
    Ok(Either::Left(Redirect::to(done)))
}
