//! Somebody of a booking gets one of her own, on somebody's word: by the verb with which a leader does it.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        cancel_places::drawn_from,
        split_off::{SplitError, SplitRequest, split_off},
    },
    domain::{
        contact::{ContactFault, EmailAddress, PhoneNumber},
        place::Place,
        reference::Reference,
        registration::Registration,
        session::Session,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::{opened::place, words::called},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, split]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Email = "email",
        Phone = "phone",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/split.html")]
struct BookingSplitPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    place: Place,
    form: FormState<Field>,
}

impl BookingSplitPage {
    fn name(&self) -> String {
        called(&self.place)
    }

    fn drawn(&self) -> String {
        drawn_from([&self.place]).to_string()
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    (reference, number): (&Reference, u32),
    form: FormState<Field>,
) -> Result<BookingSplitPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    let place = place(&booking, number)?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(BookingSplitPage { chrome, session, booking, place, form })
}

fn back(error: impl Into<Failure>, reference: &Reference) -> Failure {
    error.into().leads(paths::office::booking(reference), "Back to the booking")
}

#[get("/office/bookings/<reference>/places/<number>/split")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    number: u32,
) -> Result<Page<BookingSplitPage>, Failure> {
    let mut page = page(desk, &who, (&reference, number), FormState::default()).await?;
    page.booking.apart(&page.place).map_err(|why| back(SplitError::from(why), &reference))?;
    let email = page.place.attendee.as_ref().and_then(|one| one.email.as_ref());
    page.form.fill(Field::Email, email.map_or("", EmailAddress::as_str));
    Ok(Page::ok(page))
}

/// How whoever looks after it from now on is reached. An address that is known need not be typed again.
fn read(
    place: &Place,
    fields: &Fields,
    form: &mut FormState<Field>,
) -> (Option<EmailAddress>, Option<PhoneNumber>) {
    let known = place.attendee.as_ref().and_then(|one| one.email.clone());
    let email = match fields.was_sent_for(Field::Email) {
        true => form.optional_email(Field::Email, "the email address"),
        false => known,
    };
    let phone = match form.value(Field::Phone).parse() {
        Ok(phone) => Some(phone),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault(Field::Phone, "Check the telephone number, such as 07700 900117");
            None
        }
    };
    (email, phone)
}

#[post("/office/bookings/<reference>/places/<number>/split", data = "<fields>")]
async fn split(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    number: u32,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingSplitPage>>, Failure> {
    let form = FormState::sent(&fields);
    let mut page = page(desk, &who, (&reference, number), form).await?;
    let (email, phone) = read(&page.place, &fields, &mut page.form);
    if !page.form.is_valid() {
        return Ok(Either::Right(Page::unprocessable(page)));
    }
    let drawn = edited::drawn(&fields);
    let (registration, place) = (page.booking.id, page.place.id);
    let request = SplitRequest { registration, place, email, phone, drawn };
    match split_off(&desk.ctx, &who.actor(), request).await {
        Ok(split) => {
            let new = paths::office::booking(&split.registration.reference);
            Ok(Either::Left(Redirect::to(new.done("split"))))
        }
        Err(SplitError::Unreachable) => {
            page.form.fault(Field::Email, "Enter an email address or a telephone number");
            Ok(Either::Right(Page::unprocessable(page)))
        }
        Err(error) => Err(back(error, &reference)),
    }
}
