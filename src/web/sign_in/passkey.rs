//! Signing in with a passkey: what the device is asked, and its answer.

use rocket::{
    Route, State, get, http::CookieJar, post, response::Redirect, routes, serde::json::Json,
};
use serde::Serialize;

use crate::{
    actions::staff::{
        passkeys::{Ceremony, PasskeyError, begin_sign_in, finish_sign_in},
        sign_in::who_is_signed_in,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        headers::Fetching,
        limits::LinkPace,
        page::Page,
        paths,
        sign_in::{
            ask::{Field, SignInPage, sign_in_page},
            cookie::{Stay, give_cookie, home, leave_former},
        },
    },
};

form_fields! {
    /// What a device answers, put into hidden inputs by a script.
    pub enum Answer {
        Ceremony = "ceremony",
        Answer = "answer",
    }
}

/// What `navigator.credentials` is to be asked, and what comes back with the answer.
#[derive(Debug, Serialize)]
pub struct Challenge {
    ceremony: String,
    options: serde_json::Value,
}

impl From<Ceremony> for Challenge {
    fn from(ceremony: Ceremony) -> Self {
        Self { ceremony: ceremony.token.secret().to_owned(), options: ceremony.options }
    }
}

#[post("/sign-in/passkey/start")]
async fn start_passkey(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
) -> Result<Json<Challenge>, Failure> {
    Ok(Json(begin_sign_in(&desk.ctx).await?.into()))
}

/// Where a refused answer leaves the address bar: asked for again, it is the page to sign in.
#[get("/sign-in/passkey")]
fn ask_again() -> Redirect {
    Redirect::to(paths::account::sign_in())
}

#[post("/sign-in/passkey", data = "<fields>")]
async fn enter_by_passkey(
    desk: &State<Desk>,
    _origin: SameOrigin,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Result<Redirect, Fetching<Page<SignInPage>>>, Failure> {
    let stay = Stay::of(&fields);
    let words = match fields.of(Answer::Ceremony).parse() {
        Err(_) => "Press the button and answer your device",
        Ok(token) => {
            match finish_sign_in(&desk.ctx, &token, fields.of(Answer::Answer), stay.lasts()).await {
                Ok(signed_in) => {
                    leave_former(desk, cookies).await?;
                    give_cookie(desk, cookies, &signed_in, stay);
                    let who = who_is_signed_in(&desk.ctx, &signed_in).await?;
                    let who = who.ok_or(Failure::NotFound)?;
                    return Ok(Ok(Redirect::to(home(&who))));
                }
                Err(PasskeyError::TooLate) => "That took too long. Try again",
                Err(PasskeyError::Store(error)) => return Err(error.into()),
                // One answer for all: nobody learns whether an account is closed.
                Err(
                    PasskeyError::Refused
                    | PasskeyError::AlreadyHere
                    | PasskeyError::TooMany
                    | PasskeyError::Unavailable
                    | PasskeyError::NoSuchPasskey,
                ) => "This passkey does not sign anybody in here. Ask for a link below instead",
            }
        }
    };
    let mut form = FormState::default();
    form.fault(Field::Passkey, words);
    Ok(Err(Page::unprocessable(sign_in_page(desk, form)).into()))
}

pub fn routes() -> Vec<Route> {
    routes![start_passkey, ask_again, enter_by_passkey]
}
