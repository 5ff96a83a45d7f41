//! Giving a place out of turn.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::confirm_out_of_turn::{OutOfTurnError, confirm_out_of_turn},
    domain::{
        place::PlaceStatus, reference::Reference, registration::Registration, session::Session,
        text::Paragraph, waiting_list::position, wording,
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
    routes![ask_confirm, confirm]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Why = "why",
        Room = "room",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/out_of_turn.html")]
struct OutOfTurnPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    ahead: usize,
    form: FormState<Field>,
}

impl OutOfTurnPage {
    fn waiting(&self) -> usize {
        let of = |status| self.booking.places_in(status).count();
        of(PlaceStatus::Waiting) + of(PlaceStatus::Offered)
    }

    fn people(&self) -> String {
        wording::count(self.waiting(), "person", "people")
    }

    fn free(&self) -> u32 {
        self.session.occupancy.free()
    }

    fn ahead_words(&self) -> String {
        match self.ahead {
            0 => "Nobody waits longer.".to_owned(),
            ahead => {
                format!(
                    "{} longer than they do.",
                    wording::count(ahead, "booking has waited", "bookings have waited")
                )
            }
        }
    }
}

async fn confirm_page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    form: FormState<Field>,
) -> Result<OutOfTurnPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let waiters = queue::waiters(&mut conn, &session.code).await?;
    let ahead = booking.queue().map_or(0, |number| position(number, &waiters).saturating_sub(1));
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(OutOfTurnPage { chrome, session, booking, ahead, form })
}

#[get("/office/bookings/<reference>/confirm")]
async fn ask_confirm(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<OutOfTurnPage>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    Ok(Page::ok(confirm_page(desk, &who, about, FormState::default()).await?))
}

#[post("/office/bookings/<reference>/confirm", data = "<fields>")]
async fn confirm(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<OutOfTurnPage>>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::sent(&fields);
    let Ok(Some(why)) = Paragraph::parse_optional(form.value(Field::Why)) else {
        form.fault(Field::Why, "Say why they go first, in up to 1,000 letters");
        let page = confirm_page(desk, &who, about, form).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    let (actor, room) = (who.actor(), form.is(Field::Room, "1"));
    match confirm_out_of_turn(&desk.ctx, &actor, about.1.id, &why, room).await {
        Ok(count) => {
            let done = paths::office::booking(&reference).done(format_args!("confirmed-{count}"));
            return Ok(Either::Left(Redirect::to(done)));
        }
        Err(OutOfTurnError::Store(error)) => return Err(error.into()),
        Err(OutOfTurnError::NoRoom { free, needed }) => {
            let free = wording::count(free as usize, "place is", "places are");
            form.fault(
                Field::Room,
                format!("Only {free} free and they need {needed}. Tick this to add places"),
            );
        }
        Err(error) => form.fault(Field::Why, in_words(&error.to_string())),
    }
    Ok(Either::Right(Page::unprocessable(confirm_page(desk, &who, about, form).await?)))
}
