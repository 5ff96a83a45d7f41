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
        guard::{LetIn, SameOrigin},
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
    /// Whether they go nowhere without one.
    is_demanded: bool,
    /// Whether they have one already, on some device: then an inbox adds no other.
    has_one: bool,
}

#[get("/account/passkeys")]
async fn offer(
    desk: &State<Desk>,
    who: LetIn,
) -> Result<Fetching<Page<PasskeyOfferPage>>, Failure> {
    let is_demanded = who.lacks_passkey(desk).await?;
    let has_one = is_demanded && !who.may_add_passkey(desk).await?;
    let page = PasskeyOfferPage {
        chrome: desk.signed_in_chrome(Area::Account, &who.member),
        form: FormState::default(),
        onward: home(&who.member),
        is_demanded,
        has_one,
    };
    Ok(Page::ok(page).into())
}

#[post("/account/passkeys/start")]
async fn start(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: LetIn,
) -> Result<Json<Challenge>, Failure> {
    if !who.may_add_passkey(desk).await? {
        return Err(Failure::Forbidden);
    }
    Ok(Json(begin_enrolment(&desk.ctx, &who.member).await?.into()))
}

pub fn routes() -> Vec<Route> {
    routes![offer, start]
}
