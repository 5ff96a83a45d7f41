//! Who looks after a booking, and how she is reached: changed by herself.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    domain::{audit::Actor, registration::Registration, session::Session, wording},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        leader::opened::booked,
        leads::{LeaderField, change, filled},
        page::{Area, Chrome, Page},
        paths,
    },
};

/// The name, address and number of whoever booked.
#[derive(Template)]
#[template(path = "leader/contact.html")]
struct ContactPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    /// Her private link.
    token: Token,
    form: FormState<LeaderField>,
}

#[get("/r/<token>/contact")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<ContactPage>, Failure> {
    let (session, booking) = booked(desk, &token).await?;
    let (chrome, form) = (desk.private_chrome(Area::Booking), filled(&booking.leader));
    Ok(Page::ok(ContactPage { chrome, session, booking, token, form }))
}

#[post("/r/<token>/contact", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<ContactPage>>, Failure> {
    let (session, booking) = booked(desk, &token).await?;
    match change(desk, &Actor::Leader, &booking, &fields, session.zone()).await? {
        Ok(()) => Ok(Ok(Redirect::to(paths::leader::booking(&token).done("saved")))),
        Err((form, status)) => {
            let chrome = desk.private_chrome(Area::Booking);
            let template = ContactPage { chrome, session, booking, token, form };
            Ok(Err(Page { status, template }))
        }
    }
}

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}
