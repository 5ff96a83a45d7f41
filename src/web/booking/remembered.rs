//! Whoever agrees is remembered in her own browser for the next booking: a cookie that only we can read, for a
//! year. Booking without the tick forgets her.

use rocket::{
    http::{Cookie, CookieJar, SameSite},
    time::Duration,
};
use serde::{Deserialize, Serialize};

use super::form::Field;
use crate::web::{Desk, forms::FormState};

const COOKIE: &str = "turnout-me";

/// What is remembered: who she is, and where she belongs. Never who came with her.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    name: String,
    email: String,
    tel: String,
    institution: String,
    other: String,
}

/// Fills the first step for somebody who is remembered.
pub fn fill(cookies: &CookieJar<'_>, form: &mut FormState<Field>) {
    let Some(cookie) = cookies.get_private(COOKIE) else { return };
    let Ok(who) = serde_json::from_str::<Remembered>(cookie.value()) else { return };
    form.fill(Field::Name, who.name);
    form.fill(Field::Email, who.email);
    form.fill(Field::Tel, who.tel);
    form.fill(Field::Institution, who.institution);
    form.fill(Field::InstitutionOther, who.other);
    form.fill(Field::Remember, "yes");
}

/// Remembers her, or forgets her, as she ticked.
pub fn keep(desk: &Desk, cookies: &CookieJar<'_>, form: &FormState<Field>) {
    if !form.is(Field::Remember, "yes") {
        if cookies.get(COOKIE).is_some() {
            cookies.remove_private(Cookie::build((COOKIE, "")).path("/"));
        }
        return;
    }
    let of = |field| form.value(field).to_owned();
    let who = Remembered {
        name: of(Field::Name),
        email: of(Field::Email),
        tel: of(Field::Tel),
        institution: of(Field::Institution),
        other: of(Field::InstitutionOther),
    };
    let Ok(text) = serde_json::to_string(&who) else { return };
    let cookie = Cookie::build((COOKIE, text))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(desk.ctx.letterhead.base_url.starts_with("https://"))
        .max_age(Duration::days(365))
        .path("/");
    cookies.add_private(cookie);
}
