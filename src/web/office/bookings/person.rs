//! Correcting one person of a booking, or letting somebody else come instead, on somebody's word. What
//! people need is theirs to say: it is not part of this form.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::change_attendee::Changed,
    domain::{
        already::Already, reference::Reference, registration::Registration, session::Session,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, person::PersonField},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::opened::place,
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
        who_comes::{self, Outcome, Question, WhoComes},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/person.html")]
struct BookedPersonPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    who: WhoComes,
}

#[get("/office/bookings/<reference>/places/<number>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    number: u32,
) -> Result<Page<BookedPersonPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, &who, &reference).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let who = WhoComes::filled(place(&booking, number)?, false, session.zone());
    Ok(Page::ok(BookedPersonPage { chrome, session, booking, who }))
}

#[post("/office/bookings/<reference>/places/<number>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    number: u32,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookedPersonPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, &who, &reference).await?;
    drop(conn);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let filled = WhoComes::filled(place(&booking, number)?, false, session.zone());
    let told = |one: &Already, _| one.words_for_office();
    let id = booking.id;
    let changed = who_comes::change(desk, &who.actor(), id, filled, &fields, told).await;
    let back = (paths::office::booking(&reference), "Back to the booking");
    let done = match changed.map_err(|failure| failure.leads(back.0, back.1))? {
        Outcome::Done(Changed::Replaced { .. }) => format!("swapped-{number}"),
        Outcome::Done(Changed::Edited { .. }) => format!("corrected-{number}"),
        Outcome::TooLate => "late".to_owned(),
        Outcome::Again(who, status) => {
            let template = BookedPersonPage { chrome, session, booking, who: *who };
            return Ok(Either::Right(Page { status, template }));
        }
    };
    Ok(Either::Left(Redirect::to(paths::office::booking(&reference).done(done))))
}
