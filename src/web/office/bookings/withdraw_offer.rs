//! Taking back what is offered to a booking.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::{answer_offer::OfferError, withdraw_offer::withdraw_offer},
    domain::{
        place::PlaceStatus, reference::Reference, registration::Registration, session::Session,
        text::Paragraph, wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, withdraw]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Why = "why",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/withdraw_offer.html")]
struct WithdrawOfferPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    form: FormState<Field>,
}

impl WithdrawOfferPage {
    fn offered(&self) -> usize {
        self.booking.places_in(PlaceStatus::Offered).count()
    }

    fn places(&self) -> String {
        wording::count(self.offered(), "place", "places")
    }
}

fn page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    form: FormState<Field>,
) -> WithdrawOfferPage {
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    WithdrawOfferPage { chrome, session, booking, form }
}

#[get("/office/bookings/<reference>/withdraw-offer")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<WithdrawOfferPage>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    Ok(Page::ok(page(desk, &who, about, FormState::default())))
}

#[post("/office/bookings/<reference>/withdraw-offer", data = "<fields>")]
async fn withdraw(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<WithdrawOfferPage>>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::sent(&fields);
    let Ok(Some(why)) = Paragraph::parse_optional(form.value(Field::Why)) else {
        form.fault(Field::Why, "Say why the offer is taken back, in up to 1,000 letters");
        return Ok(Either::Right(Page::unprocessable(page(desk, &who, about, form))));
    };
    match withdraw_offer(&desk.ctx, &who.actor(), about.1.id, &why).await {
        Ok(()) => {
            let list = paths::office::session_waiting_list(&about.0.code);
            Ok(Either::Left(Redirect::to(list.done("withdrawn"))))
        }
        Err(OfferError::Store(error)) => Err(error.into()),
        Err(refused) => {
            form.fault(Field::Why, in_words(&refused.to_string()));
            Ok(Either::Right(Page::conflict(page(desk, &who, about, form))))
        }
    }
}
