//! Her code for the door, which the trainer's phone reads.

use askama::Template;
use rocket::{Route, State, get, http::ContentType, routes};

use crate::{
    domain::{session::Session, wording},
    token::Token,
    web::{
        Desk,
        attendee::opened::{name, opened},
        failure::Failure,
        page::{Area, Chrome, Page},
        paths, qr,
    },
};

/// A code that the trainer's phone reads.
#[derive(Template)]
#[template(path = "attendee/ticket.html")]
struct TicketPage {
    chrome: Chrome,
    session: Session,
    /// Whose it is.
    name: String,
    /// Their private link.
    token: Token,
}

#[get("/p/<token>/ticket")]
async fn ticket(desk: &State<Desk>, token: Token) -> Result<Page<TicketPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let name = name(&opened)?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(TicketPage { chrome, session: opened.session, name, token }))
}

/// The address is the place's, not her private link's: a photograph of it opens nothing but the
/// trainer's own list.
#[get("/p/<token>/code.svg")]
pub async fn code(desk: &State<Desk>, token: Token) -> Result<(ContentType, String), Failure> {
    let opened = opened(desk, &token).await?;
    name(&opened)?;
    let address = format!("{}/door/{}", desk.ctx.letterhead.base_url, opened.place.id);
    Ok((ContentType::SVG, qr::svg(&address).ok_or(Failure::Broken)?))
}

pub fn routes() -> Vec<Route> {
    routes![ticket, code]
}
