//! Once, after signing in with a link: would they like a passkey?

use askama::Template;
use rocket::{Route, State, get, post, routes, serde::json::Json};

use crate::{
    actions::staff::passkeys::begin_enrolment,
    web::{
        Desk,
        account::passkey_form::Field,
        failure::Failure,
        forms::FormState,
        guard::{SameOrigin, SignedIn},
        headers::Fetching,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        sign_in::{cookie::home, passkey::Challenge},
    },
};

/// Once, after signing in with a link: would they like a passkey?
#[derive(Debug, Template)]
#[template(path = "account/passkey_offer.html")]
struct PasskeyOfferPage {
    chrome: Chrome,
    form: FormState<Field>,
    /// Where they were going.
    onward: Href,
}

#[get("/account/passkeys")]
fn offer(desk: &State<Desk>, who: SignedIn) -> Fetching<Page<PasskeyOfferPage>> {
    Page::ok(PasskeyOfferPage {
        chrome: desk.signed_in_chrome(Area::Account, &who.member),
        form: FormState::default(),
        onward: home(&who.member),
    })
    .into()
}

#[post("/account/passkeys/start")]
async fn start(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
) -> Result<Json<Challenge>, Failure> {
    Ok(Json(begin_enrolment(&desk.ctx, &who.member).await?.into()))
}

pub fn routes() -> Vec<Route> {
    routes![offer, start]
}
