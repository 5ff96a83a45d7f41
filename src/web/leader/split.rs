//! Somebody of the booking gets one of her own, with her place and a private link: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        cancel_places::drawn_from,
        change_attendee::ChangeError,
        split_off::{SplitError, SplitRequest, split_off},
    },
    domain::{
        audit::Actor,
        contact::{EmailAddress, PhoneNumber},
        place::Place,
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        guard::SameOrigin,
        leader::{
            opened::{booked, place},
            words::{accepts_changes, called, when},
        },
        page::{Area, Chrome, Page},
        paths, qr,
    },
};

form_fields! {
    /// How whoever looks after it from now on is reached.
    enum Field {
        Email = "email",
        Phone = "phone",
    }
}

/// Asking before somebody gets a booking of her own.
#[derive(Template)]
#[template(path = "leader/split.html")]
struct SplitPage {
    chrome: Chrome,
    session: Session,
    place: Place,
    form: FormState<Field>,
    /// Their private link.
    token: Token,
}

impl SplitPage {
    fn name(&self) -> String {
        called(&self.place)
    }

    fn when(&self) -> String {
        when(&self.session)
    }

    fn drawn(&self) -> String {
        drawn_from([&self.place]).to_string()
    }
}

/// What to hand over, where no letter brings it.
#[derive(Template)]
#[template(path = "leader/split_done.html")]
struct SplitDonePage {
    chrome: Chrome,
    session: Session,
    /// Her booking.
    registration: Registration,
    /// What opens it.
    private_link: String,
    /// The leader's own private link.
    token: Token,
}

impl SplitDonePage {
    fn code(&self) -> Option<String> {
        qr::svg(&self.private_link)
    }
}

type Asked = Result<Page<SplitPage>, Failure>;

fn back(error: impl Into<Failure>, token: &Token) -> Failure {
    error.into().leads(paths::leader::booking(token), "Back to your booking")
}

#[get("/r/<token>/places/<number>/split")]
async fn ask(desk: &State<Desk>, token: Token, number: u32) -> Asked {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number).map_err(|gone| back(gone, &token))?;
    if !accepts_changes(&session, desk.ctx.now()) {
        return Err(back(ChangeError::TooLate, &token));
    }
    registration.apart(&place).map_err(|why| back(SplitError::from(why), &token))?;
    let email = place.attendee.as_ref().and_then(|one| one.email.as_ref());
    let mut form = FormState::default();
    form.fill(Field::Email, email.map_or("", EmailAddress::as_str));
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(SplitPage { chrome, session, place, form, token }))
}

/// How she is reached, as typed; an address she has need not be typed again.
fn read(
    form: &mut FormState<Field>,
    place: &Place,
    sent: bool,
) -> (Option<EmailAddress>, Option<PhoneNumber>) {
    let known = || place.attendee.as_ref().and_then(|one| one.email.clone());
    let email = if sent { form.optional_email(Field::Email, "the email address") } else { known() };
    let phone = match form.value(Field::Phone).trim().to_owned() {
        typed if typed.is_empty() => None,
        typed => {
            let words = "Check the telephone number, such as 07700 900117";
            form.take(Field::Phone, typed.parse::<PhoneNumber>(), |_| words.to_owned())
        }
    };
    (email, phone)
}

#[post("/r/<token>/places/<number>/split", data = "<fields>")]
async fn split(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<rocket::Either<Redirect, rocket::Either<Page<SplitPage>, Page<SplitDonePage>>>, Failure>
{
    use rocket::Either::{Left, Right};
    let (session, registration) = booked(desk, &token).await?;
    // A second click on the button: she has her own booking since the first.
    let Ok(place) = place(&registration, number) else {
        return Ok(Left(Redirect::to(paths::leader::booking(&token).done("parted"))));
    };
    let mut form = FormState::sent_for(&fields, Field::FIELDS);
    let is_sent = !fields.all("email").is_empty();
    let (email, phone) = read(&mut form, &place, is_sent);
    let chrome = desk.private_chrome(Area::Booking);
    let again = |form| {
        let (session, place, token) = (session.clone(), place.clone(), token.clone());
        Page::unprocessable(SplitPage { chrome: chrome.clone(), session, place, form, token })
    };
    if !form.is_valid() {
        return Ok(Right(Left(again(form))));
    }
    let (registration, drawn) = (registration.id, edited::drawn(&fields));
    let request = SplitRequest { registration, place: place.id, email, phone, drawn };
    match split_off(&desk.ctx, &Actor::Leader, request).await {
        Ok(split) => {
            let Some(link) = split.link else {
                return Ok(Left(Redirect::to(paths::leader::booking(&token).done("split"))));
            };
            // It is shown once, and stands in no address: it opens another's booking.
            let private_link = desk.ctx.manage_url(&link);
            let registration = split.registration;
            let page = SplitDonePage { chrome, session, registration, private_link, token };
            Ok(Right(Right(Page::ok(page))))
        }
        Err(SplitError::Unreachable) => {
            form.fault(Field::Email, "Enter an email address or a telephone number");
            Ok(Right(Left(again(form))))
        }
        Err(error) => Err(back(error, &token)),
    }
}

pub fn routes() -> Vec<Route> {
    routes![ask, split]
}
