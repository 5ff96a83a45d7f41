//! Who asks: a guard type per right.

use rocket::{
    Request, State,
    http::Status,
    outcome::IntoOutcome,
    request::{FromRequest, Outcome},
};

use super::Desk;
use crate::{
    actions::sign_in::who_is_signed_in, domain::staff::StaffMember, store::StoreError, token::Token,
};

/// The request comes from a page of ours: every route that changes something takes this guard.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, which pages cannot forge; where a
/// browser is too old to, `Origin` must name this host. SameSite cookies are a second lock.
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, &'static str> {
        let headers = request.headers();
        let trusted = match headers.get_one("Sec-Fetch-Site") {
            Some(site) => site == "same-origin" || site == "none",
            None => match (headers.get_one("Origin"), headers.get_one("Host")) {
                (Some(origin), Some(host)) => {
                    origin.split_once("://").is_some_and(|(_, rest)| rest == host)
                }
                (Some(_), None) => false,
                // Neither header: not a browser, so nobody's cookies ride along.
                (None, _) => true,
            },
        };
        if trusted {
            Outcome::Success(Self)
        } else {
            Outcome::Error((Status::Forbidden, "this request comes from another site"))
        }
    }
}

/// The name of the cookie that says who is signed in.
pub const SIGN_IN_COOKIE: &str = "turnout-sign-in";

/// Somebody who is signed in, with the token that says so.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub member: StaffMember,
    /// The secret in their cookie.
    pub token: Token,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match request.local_cache_async(async { find_signed_in(request).await }).await {
            Ok(found) => found.clone().or_error((Status::Unauthorized, ())),
            Err(()) => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}

async fn find_signed_in(request: &Request<'_>) -> Result<Option<SignedIn>, ()> {
    let Outcome::Success(desk) = request.guard::<&State<Desk>>().await else { return Err(()) };
    let cookie = request.cookies().get_private(SIGN_IN_COOKIE);
    let Some(token) = cookie.and_then(|cookie| cookie.value().parse::<Token>().ok()) else {
        return Ok(None);
    };
    let member = who_is_signed_in(&desk.ctx, &token).await.map_err(|error: StoreError| {
        log::error!("who is signed in could not be read: {error}");
    })?;
    Ok(member.map(|member| SignedIn { member, token }))
}
