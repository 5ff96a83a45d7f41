//! A new private link instead of one that was forwarded, or that others may know (P6).

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::{
        recover_links::recover_links,
        renew_links::{RenewError, renew_links},
    },
    domain::audit::Actor,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        guard::SameOrigin,
        leader::opened::booked,
        limits::LinkPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before the link she holds ends.
#[derive(Debug, Template)]
#[template(path = "leader/new_link.html")]
struct NewLinkPage {
    chrome: Chrome,
    token: Token,
    /// Whether there is an address to send it to.
    has_address: bool,
    /// Why none was sent just now.
    refused: Option<String>,
}

/// It is on its way.
#[derive(Debug, Template)]
#[template(path = "leader/new_link_sent.html")]
struct NewLinkSentPage {
    chrome: Chrome,
}

#[get("/r/<token>/new-link")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<NewLinkPage>, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    let has_address = registration.leader.email.is_some();
    Ok(Page::ok(NewLinkPage { chrome, token, has_address, refused: None }))
}

#[post("/r/<token>/new-link")]
async fn renew(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Either<Page<NewLinkSentPage>, Page<NewLinkPage>>, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    match renew_links(&desk.ctx, &Actor::Leader, registration.id).await {
        // No redirect: the address it would lead to has just ended.
        Ok(()) => Ok(Either::Left(Page::ok(NewLinkSentPage { chrome }))),
        Err(RenewError::Store(error)) => Err(error.into()),
        Err(RenewError::NoSuch) => Err(Failure::NotFound),
        Err(refused @ (RenewError::NoAddress | RenewError::TooMany)) => {
            let has_address = registration.leader.email.is_some();
            let refused = Some(refused.to_string());
            Ok(Either::Right(Page::conflict(NewLinkPage { chrome, token, has_address, refused })))
        }
    }
}

/// Her links once more; whether a letter left is told only to whoever holds one.
#[post("/r/<token>/resend")]
async fn resend(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    token: Token,
) -> Result<Redirect, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    let is_sent = match &registration.leader.email {
        Some(email) => recover_links(&desk.ctx, email).await?,
        None => false,
    };
    let done = if is_sent { "sent" } else { "not-sent" };
    Ok(Redirect::to(paths::leader::booking(&token).done(done)))
}

pub fn routes() -> Vec<Route> {
    routes![ask, renew, resend]
}
