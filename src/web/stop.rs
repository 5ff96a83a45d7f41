//! Stopping what goes to many, for an address, by the link in such a letter or by one click of a mail program
//! (RFC 8058). A GET only asks: scanners open links.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::{
    actions::letters::stop_letters::stop_letters,
    domain::letter::Circular,
    store::letter_stops,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Whether letters of a kind come, and how that is changed.
#[derive(Template)]
#[template(path = "stop.html")]
struct StopPage {
    chrome: Chrome,
    what: Circular,
    /// Whether they are stopped now.
    is_stopped: bool,
    /// Whether that was just said.
    is_new: bool,
    token: Token,
}

#[get("/stop/<token>")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<StopPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = letter_stops::find(&mut conn, token.hash()).await?;
    let (address, what) = found.ok_or(Failure::NotFound)?;
    let is_stopped = !letter_stops::among(&mut conn, &[&address], what).await?.is_empty();
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Page::ok(StopPage { chrome, what, is_stopped, is_new: false, token }))
}

/// Whatever is sent stops them, but the button that takes it back: a mail program sends
/// `List-Unsubscribe=One-Click`.
#[post("/stop/<token>", data = "<fields>")]
async fn stop(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Page<StopPage>, Failure> {
    let is_stopped = !fields.is("undo", "1");
    let what = stop_letters(&desk.ctx, &token, is_stopped).await?.ok_or(Failure::NotFound)?;
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Page::ok(StopPage { chrome, what, is_stopped, is_new: true, token }))
}

pub fn routes() -> Vec<Route> {
    routes![ask, stop]
}
