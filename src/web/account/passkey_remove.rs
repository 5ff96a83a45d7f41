//! Removing one of one's passkeys.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::passkeys::remove_passkey,
    domain::{id::PasskeyId, passkey::Passkey},
    store::passkeys,
    web::{
        Desk,
        account::passkey::own,
        failure::Failure,
        guard::{SameOrigin, SignedIn},
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before a passkey is removed.
#[derive(Debug, Template)]
#[template(path = "account/passkey_remove.html")]
struct RemovePasskeyPage {
    chrome: Chrome,
    passkey: Passkey,
    /// Whether there is no other.
    is_last: bool,
}

#[get("/account/passkeys/<id>/remove")]
async fn ask_remove(
    desk: &State<Desk>,
    who: SignedIn,
    id: PasskeyId,
) -> Result<Page<RemovePasskeyPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let passkey = own(&mut conn, &who, id).await?;
    let is_last = passkeys::of(&mut conn, &who.member.login).await?.len() == 1;
    let chrome = desk.signed_in_chrome(Area::Account, &who.member);
    Ok(Page::ok(RemovePasskeyPage { chrome, passkey, is_last }))
}

#[post("/account/passkeys/<id>/remove")]
async fn remove(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    id: PasskeyId,
) -> Result<Redirect, Failure> {
    remove_passkey(&desk.ctx, &who.member.login, id).await?;
    Ok(Redirect::to(paths::account::account().done("removed")))
}

pub fn routes() -> Vec<Route> {
    routes![ask_remove, remove]
}
