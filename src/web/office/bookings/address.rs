//! Correcting an address at which letters did not arrive, and sending them again in the same step.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::mend_address::{MendError, MendRequest, Whose, address_of, mend_address},
    domain::{
        contact::EmailAddress, reference::Reference, registration::Registration, session::Session,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::words::called,
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Email = "email",
    }
}

/// The address, and everybody whose it is.
#[derive(Template)]
#[template(path = "office/bookings/address.html")]
struct AddressPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    number: u32,
    /// As it stands now.
    address: EmailAddress,
    form: FormState<Field>,
    /// Of the form, so that a second press sends nothing.
    attempt: String,
}

impl AddressPage {
    /// Everybody of the booking whose address it is.
    fn whose(&self) -> String {
        let mut names = Vec::new();
        if self.booking.leader.email.as_ref() == Some(&self.address) {
            names.push(self.booking.leader.name.to_string());
        }
        for place in self.booking.places.iter().filter(|one| one.state.status().is_open()) {
            let email = place.attendee.as_ref().and_then(|one| one.email.as_ref());
            if email == Some(&self.address) && !names.contains(&called(place)) {
                names.push(called(place));
            }
        }
        wording::list(&names)
    }
}

/// The leader has number 0: places are counted from 1.
fn whose(number: u32) -> Whose {
    if number == 0 { Whose::Leader } else { Whose::Place(number) }
}

/// The page; `None` where nobody has an address under that number any more.
async fn page(
    desk: &Desk,
    who: &Who,
    (reference, number): (&Reference, u32),
    form: FormState<Field>,
) -> Result<Option<AddressPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    let Some(address) = address_of(&booking, whose(number)).cloned() else { return Ok(None) };
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let attempt = desk.attempt();
    Ok(Some(AddressPage { chrome, session, booking, number, address, form, attempt }))
}

#[get("/office/bookings/<reference>/addresses/<number>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    number: u32,
) -> Result<Either<Redirect, Page<AddressPage>>, Failure> {
    let Some(mut page) = page(desk, &who, (&reference, number), FormState::default()).await? else {
        return Ok(Either::Left(Redirect::to(paths::office::booking(&reference))));
    };
    page.form.fill(Field::Email, page.address.as_str());
    Ok(Either::Right(Page::ok(page)))
}

#[post("/office/bookings/<reference>/addresses/<number>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    number: u32,
    fields: Fields,
) -> Result<Either<Redirect, Page<AddressPage>>, Failure> {
    let mut form = FormState::sent(&fields);
    let email = form.value(Field::Email).parse::<EmailAddress>();
    let words = "Check the email address. It should look like name@example.org";
    let email = form.take(Field::Email, email, |_| words.to_owned());
    let back = || paths::office::booking(&reference);
    let Some(page) = page(desk, &who, (&reference, number), form).await? else {
        return Ok(Either::Left(Redirect::to(back())));
    };
    let Some(email) = email else { return Ok(Either::Right(Page::unprocessable(page))) };
    let request = MendRequest {
        registration: page.booking.id,
        whose: whose(number),
        shown: fields.get("shown").parse().ok(),
        email,
        attempt: fields.attempt(),
    };
    match mend_address(&desk.ctx, &who.actor(), request).await {
        Ok(letters) => {
            Ok(Either::Left(Redirect::to(back().done(format_args!("mended-{letters}")))))
        }
        Err(error @ MendError::Meanwhile(_)) => {
            let mut page = page;
            page.form.fault(Field::Email, crate::web::words::in_words(&error.to_string()));
            Ok(Either::Right(Page::conflict(page)))
        }
        Err(error) => Err(Failure::from(error).leads(back(), "Back to the booking")),
    }
}
