//! Letting a booking pass others on the waiting list.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::move_up::{MoveUpError, move_up},
    domain::{
        reference::Reference, registration::Registration, session::Session, text::Paragraph,
        waiting_list::position, wording,
    },
    store::queue,
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
    routes![ask, up]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        To = "to",
        Why = "why",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/move_up.html")]
struct MoveUpPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    /// Where it stands, from 1; 0: nobody of it waits.
    at: usize,
    form: FormState<Field>,
}

async fn page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    mut form: FormState<Field>,
) -> Result<MoveUpPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let waiters = queue::waiters(&mut conn, &session.code).await?;
    let waits = waiters.iter().find(|one| one.registration == booking.id);
    let at = waits.map_or(0, |one| position(one.queue, &waiters));
    if form.value(Field::To).is_empty() {
        form.fill(Field::To, at.saturating_sub(1).max(1).to_string());
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(MoveUpPage { chrome, session, booking, at, form })
}

#[get("/office/bookings/<reference>/move-up")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<MoveUpPage>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    Ok(Page::ok(page(desk, &who, about, FormState::default()).await?))
}

#[post("/office/bookings/<reference>/move-up", data = "<fields>")]
async fn up(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<MoveUpPage>>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::sent(&fields);
    let why = Paragraph::parse_optional(form.value(Field::Why)).ok().flatten();
    if why.is_none() {
        form.fault(Field::Why, "Say why they pass others, in up to 1,000 letters");
    }
    let to = form.value(Field::To).trim().parse::<usize>().ok().filter(|to| *to > 0);
    if to.is_none() {
        form.fault(Field::To, "Enter a number from 1");
    }
    if let (Some(why), Some(to)) = (why, to) {
        match move_up(&desk.ctx, &who.actor(), about.1.id, to, &why).await {
            Ok(()) => {
                let list = paths::office::session_waiting_list(&about.0.code);
                return Ok(Either::Left(Redirect::to(list.done("moved"))));
            }
            Err(MoveUpError::Store(error)) => return Err(error.into()),
            Err(refused) => form.fault(Field::To, in_words(&refused.to_string())),
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, about, form).await?)))
}
