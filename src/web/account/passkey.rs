//! One of one's passkeys, and its name.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::passkeys::rename_passkey,
    domain::{id::PasskeyId, passkey::Passkey},
    store::{Conn, catalogue, passkeys},
    web::{
        Desk,
        account::{
            history::about,
            passkey_form::{Field, read_name},
        },
        failure::Failure,
        forms::{Fields, FormState},
        guard::{SameOrigin, SignedIn},
        page::{Area, Chrome, Page},
        paths,
        words::clock_of,
    },
};

/// One of one's passkeys.
#[derive(Debug, Template)]
#[template(path = "account/passkey.html")]
struct PasskeyPage {
    chrome: Chrome,
    passkey: Passkey,
    /// When it was added and used.
    about: String,
    form: FormState<Field>,
}

/// One of somebody's own passkeys.
pub async fn own(conn: &mut Conn, who: &SignedIn, id: PasskeyId) -> Result<Passkey, Failure> {
    let all = passkeys::of(conn, &who.member.login).await?;
    all.into_iter().find(|passkey| passkey.id == id).ok_or(Failure::NotFound)
}

async fn passkey_page(
    desk: &Desk,
    who: &SignedIn,
    id: PasskeyId,
    form: Option<FormState<Field>>,
) -> Result<PasskeyPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let passkey = own(&mut conn, who, id).await?;
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let form = form.unwrap_or_else(|| {
        let mut form = FormState::default();
        form.fill(Field::Name, passkey.name.as_str());
        form
    });
    let chrome = desk.signed_in_chrome(Area::Account, &who.member);
    Ok(PasskeyPage { chrome, about: about(&passkey, zone), passkey, form })
}

#[get("/account/passkeys/<id>")]
async fn open(
    desk: &State<Desk>,
    who: SignedIn,
    id: PasskeyId,
) -> Result<Page<PasskeyPage>, Failure> {
    Ok(Page::ok(passkey_page(desk, &who, id, None).await?))
}

#[post("/account/passkeys/<id>", data = "<fields>")]
async fn rename(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    id: PasskeyId,
    fields: Fields,
) -> Result<Result<Redirect, Page<PasskeyPage>>, Failure> {
    let mut form = FormState::default();
    let Some(name) = read_name(&mut form, fields.of(Field::Name)) else {
        let page = passkey_page(desk, &who, id, Some(form)).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    rename_passkey(&desk.ctx, &who.member.login, id, &name).await?;
    Ok(Ok(Redirect::to(paths::account::account().done("renamed"))))
}

pub fn routes() -> Vec<Route> {
    routes![open, rename]
}
