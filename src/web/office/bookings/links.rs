//! A booking's private links: ended, or replaced by a new one for its leader (P6).

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::renew_links::{RenewError, end_links, renew_links},
    domain::{reference::Reference, registration::Registration},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, renew, end]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/links.html")]
struct LinksPage {
    chrome: Chrome,
    booking: Registration,
    /// Why nothing was done just now.
    refused: Option<String>,
}

async fn booking(desk: &Desk, who: &Who, reference: &Reference) -> Result<Registration, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    Ok(booking_for(&mut conn, who, reference).await?.1)
}

fn page(desk: &Desk, who: &Who, booking: Registration, refused: Option<String>) -> LinksPage {
    LinksPage { chrome: desk.signed_in_chrome(Area::Sessions, &who.member), booking, refused }
}

#[get("/office/bookings/<reference>/links")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<LinksPage>, Failure> {
    let booking = booking(desk, &who, &reference).await?;
    Ok(Page::ok(page(desk, &who, booking, None)))
}

/// What became of it: back to the booking, or why not.
fn answer(
    (desk, who): (&Desk, &Who),
    booking: Registration,
    done: &str,
    outcome: Result<(), RenewError>,
) -> Result<Either<Redirect, Page<LinksPage>>, Failure> {
    match outcome {
        Ok(()) => {
            let back = paths::office::booking(&booking.reference).done(done);
            Ok(Either::Left(Redirect::to(back)))
        }
        Err(RenewError::Store(error)) => Err(error.into()),
        Err(RenewError::NoSuch) => Err(Failure::NotFound),
        Err(refused @ (RenewError::NoAddress | RenewError::TooMany)) => {
            let page = page(desk, who, booking, Some(refused.to_string()));
            Ok(Either::Right(Page::conflict(page)))
        }
    }
}

#[post("/office/bookings/<reference>/links")]
async fn renew(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
) -> Result<Either<Redirect, Page<LinksPage>>, Failure> {
    let booking = booking(desk, &who, &reference).await?;
    let outcome = renew_links(&desk.ctx, &who.actor(), booking.id).await;
    answer((desk, &who), booking, "links-renewed", outcome)
}

#[post("/office/bookings/<reference>/links/end")]
async fn end(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
) -> Result<Either<Redirect, Page<LinksPage>>, Failure> {
    let booking = booking(desk, &who, &reference).await?;
    let outcome = end_links(&desk.ctx, &who.actor(), booking.id).await;
    answer((desk, &who), booking, "links-ended", outcome)
}
