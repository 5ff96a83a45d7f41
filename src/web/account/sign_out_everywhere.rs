//! Signing out on every device at once.

use askama::Template;
use rocket::{Route, State, get, http::CookieJar, post, routes};

use crate::{
    actions::staff::sign_in::sign_out_everywhere,
    domain::{audit::Actor, staff::StaffMember, wording},
    store::links,
    web::{
        Desk,
        failure::Failure,
        guard::{LetIn, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
        sign_in::cookie::{Forgetting, forget},
    },
};

/// Asking before somebody is signed out everywhere.
#[derive(Debug, Template)]
#[template(path = "account/sign_out_everywhere.html")]
struct SignOutEverywherePage {
    chrome: Chrome,
    /// On how many devices they are signed in.
    devices: usize,
}

impl SignOutEverywherePage {
    fn devices_words(&self) -> String {
        wording::count(self.devices, "device", "devices")
    }
}

#[get("/account/sign-out-everywhere")]
async fn ask_out(desk: &State<Desk>, who: LetIn) -> Result<Page<SignOutEverywherePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let devices = links::devices(&mut conn, &who.member.login, desk.ctx.now()).await?.len();
    let chrome = desk.signed_in_chrome(Area::Account, &who.member);
    Ok(Page::ok(SignOutEverywherePage { chrome, devices }))
}

#[post("/account/sign-out-everywhere")]
async fn leave(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: LetIn,
    cookies: &CookieJar<'_>,
) -> Result<Forgetting, Failure> {
    let StaffMember { login, .. } = &who.member;
    sign_out_everywhere(&desk.ctx, &Actor::Staff(login.clone()), login).await?;
    Ok(forget(cookies))
}

pub fn routes() -> Vec<Route> {
    routes![ask_out, leave]
}
