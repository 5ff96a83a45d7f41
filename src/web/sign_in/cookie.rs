//! The token of being signed in, in a browser: given, and taken back.

use chrono::Duration;
use rocket::{
    Responder,
    http::{Cookie, CookieJar, Header, SameSite},
    response::Redirect,
};

use crate::{
    actions::staff::sign_in::leave_behind,
    domain::{
        permission::{Permission, allows_somewhere},
        staff::StaffMember,
    },
    store::StoreError,
    token::Token,
    web::{
        Desk,
        forms::{Fields, form_fields},
        guard::SIGN_IN_COOKIE,
        paths::{self, Href},
    },
};

form_fields! {
    enum Field { Remember = "remember" }
}

/// For how long somebody wants to be signed in.
#[derive(Debug, Clone, Copy)]
pub enum Stay {
    /// Until the browser is closed, half a day at the latest.
    Today,
    /// On their own device.
    Month,
}

impl Stay {
    pub fn of(fields: &Fields) -> Self {
        if fields.has(Field::Remember, "1") { Self::Month } else { Self::Today }
    }

    pub fn lasts(self) -> Duration {
        match self {
            Self::Today => Duration::hours(12),
            Self::Month => Duration::days(30),
        }
    }
}

/// Gives the browser the token of being signed in. It is random and says nothing, so sealing it would
/// hide nothing from anybody; and a key that is changed would sign everybody out.
pub fn give_cookie(desk: &Desk, cookies: &CookieJar<'_>, signed_in: &Token, stay: Stay) {
    let cookie = Cookie::build((SIGN_IN_COOKIE, signed_in.secret().to_owned()))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(desk.ctx.letterhead.base_url.starts_with("https://"))
        .path("/");
    let cookie = match stay {
        Stay::Month => cookie.max_age(rocket::time::Duration::days(30)).build(),
        Stay::Today => {
            let mut cookie = cookie.build();
            cookie.set_expires(None);
            cookie
        }
    };
    cookies.add(cookie);
}

/// The sign-in this browser had before, which the new one replaces.
pub async fn leave_former(desk: &Desk, cookies: &CookieJar<'_>) -> Result<(), StoreError> {
    let former = cookies.get(SIGN_IN_COOKIE).and_then(|cookie| cookie.value().parse().ok());
    match former {
        Some(former) => leave_behind(&desk.ctx, &former).await,
        None => Ok(()),
    }
}

/// Where somebody's work begins.
pub fn home(who: &StaffMember) -> Href {
    let watches = allows_somewhere(who, Permission::WatchSessions);
    if watches { paths::office::overview() } else { paths::trainer::sessions() }
}

/// Takes the token back.
pub fn forget(cookies: &CookieJar<'_>) -> Forgetting {
    cookies.remove_private(SIGN_IN_COOKIE);
    let forget = Header::new("Clear-Site-Data", "\"cache\", \"storage\"");
    Forgetting { to: Redirect::to(paths::account::sign_in()), forget }
}

/// Away, and the device forgets what it kept: the rosters of doors without signal (P1).
#[derive(Responder)]
pub struct Forgetting {
    to: Redirect,
    forget: Header<'static>,
}
