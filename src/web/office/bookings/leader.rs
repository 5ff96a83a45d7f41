//! Who looks after a booking, and how she is reached: changed by the office on her word.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    domain::{reference::Reference, registration::Registration, session::Session, wording},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, ManageBookings, SameOrigin},
        leads::{LeaderField, change, filled},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}

type Who = Granted<ManageBookings>;

/// The name, address and number of whoever booked.
#[derive(Template)]
#[template(path = "office/bookings/leader.html")]
struct BookingLeaderPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    form: FormState<LeaderField>,
}

#[get("/office/bookings/<reference>/leader")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<BookingLeaderPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, &who, &reference).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let form = filled(&booking.leader);
    Ok(Page::ok(BookingLeaderPage { chrome, session, booking, form }))
}

#[post("/office/bookings/<reference>/leader", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Result<Redirect, Page<BookingLeaderPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, &who, &reference).await?;
    drop(conn);
    match change(desk, &who.actor(), &booking, &fields, session.zone()).await? {
        Ok(()) => Ok(Ok(Redirect::to(paths::office::booking(&reference).done("leader")))),
        Err((form, status)) => {
            let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
            let template = BookingLeaderPage { chrome, session, booking, form };
            Ok(Err(Page { status, template }))
        }
    }
}
