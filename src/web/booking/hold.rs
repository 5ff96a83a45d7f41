//! The hold of this browser, so that no page tells somebody "full" because of her own places.

use rocket::http::CookieJar;

use crate::{
    actions::booking::hold_places::held_until,
    domain::{id::SessionCode, registration::Registration},
    token::Token,
    web::{Desk, leader::opened::opened_by},
};

/// The cookie that knows which hold is yours, so that no page tells you "full" because of it.
pub const HOLD_COOKIE: &str = "turnout-hold";

/// The hold this browser has on a session, if it still has one.
pub async fn own_hold(
    desk: &Desk,
    cookies: &CookieJar<'_>,
    code: &SessionCode,
) -> Option<(Token, Registration)> {
    own_typing(desk, cookies, code).await.filter(|(_, registration)| is_held(desk, registration))
}

/// The booking that was begun in this browser and not sent off, whether its places are still held or not:
/// what was typed is kept.
pub async fn own_typing(
    desk: &Desk,
    cookies: &CookieJar<'_>,
    code: &SessionCode,
) -> Option<(Token, Registration)> {
    own_begun(desk, cookies).await.filter(|(_, registration)| registration.session == *code)
}

/// The same, whatever session it is of.
pub async fn own_begun(desk: &Desk, cookies: &CookieJar<'_>) -> Option<(Token, Registration)> {
    let token: Token = cookies.get_private(HOLD_COOKIE)?.value().parse().ok()?;
    let (_, registration) = opened_by(desk, &token).await.ok()?;
    registration.booked_at.is_none().then_some((token, registration))
}

/// Whether its places are held still.
pub fn is_held(desk: &Desk, registration: &Registration) -> bool {
    held_until(registration).is_some_and(|until| until > desk.ctx.now())
}
