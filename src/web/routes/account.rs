//! One's own account: passkeys, devices, and what happened lately. Open to everybody signed in.

use rocket::{
    FromForm, Route, State, get, http::CookieJar, post, response::Redirect, routes,
    serde::json::Json,
};

use crate::{
    actions::staff::{
        passkeys::{
            PasskeyError, are_available, begin_enrolment, finish_enrolment, remove_passkey,
            rename_passkey,
        },
        sign_in::sign_out_everywhere,
    },
    domain::{audit::Actor, id::PasskeyId, passkey::Passkey, staff::StaffMember, text::Name},
    store::{Conn, audit, catalogue, links, passkeys},
    web::{
        Desk,
        account::{
            Device, HistoryLine, OwnAccountPage, PasskeyOfferPage, PasskeyPage, RemovePasskeyPage,
            SignOutEverywherePage, about,
        },
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{SameOrigin, SignedIn},
        headers::Fetching,
        page::{Area, Page},
        routes::sign_in::{Challenge, Forgetting, forget, home},
        words::zone_of,
    },
};

impl From<PasskeyError> for Failure {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Store(error) => Self::Store(error),
            PasskeyError::TooLate
            | PasskeyError::Refused
            | PasskeyError::AlreadyHere
            | PasskeyError::TooMany
            | PasskeyError::Unavailable
            | PasskeyError::NoSuchPasskey => Self::NotFound,
        }
    }
}

/// How many lines of history the page shows.
const HISTORY: i64 = 10;

/// The word for what just happened.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    done: Option<&'r str>,
}

async fn account_page(
    desk: &Desk,
    who: &SignedIn,
    form: FormState,
) -> Result<OwnAccountPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let login = &who.member.login;
    let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let devices = links::devices(&mut conn, login, desk.ctx.now()).await?;
    let history = audit::sign_ins(&mut conn, login, HISTORY).await?;
    Ok(OwnAccountPage {
        chrome: desk.signed_in_chrome(Area::Account, &who.member),
        notice: None,
        member: who.member.clone(),
        passkeys: passkeys::of(&mut conn, login).await?,
        available: are_available(&desk.ctx),
        form,
        devices: devices.iter().map(|one| Device::of(one, who.token.hash(), zone)).collect(),
        history: history.iter().filter_map(|event| HistoryLine::of(event, zone)).collect(),
        zone,
    })
}

#[get("/account?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: SignedIn,
    asked: Asked<'_>,
) -> Result<Fetching<Page<OwnAccountPage>>, Failure> {
    let mut page = account_page(desk, &who, FormState::default()).await?;
    page.notice = match asked.done {
        Some("added") => Some("Added. Next time, sign in with your passkey."),
        Some("renamed") => Some("Saved."),
        Some("removed") => Some("Removed. That passkey signs nobody in any more."),
        _ => None,
    };
    Ok(Page::ok(page).into())
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

/// The name as typed, or the fault beside the field.
fn read_name(form: &mut FormState, typed: &str) -> Option<Name> {
    form.keep("name", typed);
    let name = Name::parse(typed).ok();
    if name.is_none() {
        form.fault("name", "Enter a name in ordinary letters, up to 120 of them");
    }
    name
}

#[post("/account/passkeys", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    fields: Fields,
) -> Result<Result<Redirect, Fetching<Page<OwnAccountPage>>>, Failure> {
    let mut form = FormState::default();
    let typed = fields.get("name");
    let name = read_name(&mut form, if typed.trim().is_empty() { "My passkey" } else { typed });
    if let Some(name) = name {
        let words = match fields.get("ceremony").parse() {
            Err(_) => "Press the button and answer your device; nothing was added",
            Ok(token) => {
                let answer = fields.get("answer");
                match finish_enrolment(&desk.ctx, &who.member, &token, answer, &name).await {
                    Ok(_) => return Ok(Ok(Redirect::to("/account?done=added"))),
                    Err(PasskeyError::TooLate) => "That took too long. Try again",
                    Err(PasskeyError::AlreadyHere) => "This passkey was added before",
                    Err(PasskeyError::Refused) => {
                        "We could not check what your device answered. Try again"
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        };
        form.fault("passkey", words);
    }
    let page = account_page(desk, &who, form).await?;
    Ok(Err(Page::unprocessable(page).into()))
}

/// One of somebody's own passkeys.
async fn own(conn: &mut Conn, who: &SignedIn, id: PasskeyId) -> Result<Passkey, Failure> {
    let all = passkeys::of(conn, &who.member.login).await?;
    all.into_iter().find(|passkey| passkey.id == id).ok_or(Failure::NotFound)
}

async fn passkey_page(
    desk: &Desk,
    who: &SignedIn,
    id: PasskeyId,
    form: Option<FormState>,
) -> Result<PasskeyPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let passkey = own(&mut conn, who, id).await?;
    let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let form = form.unwrap_or_else(|| {
        let mut form = FormState::default();
        form.keep("name", passkey.name.as_str());
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
    let Some(name) = read_name(&mut form, fields.get("name")) else {
        let page = passkey_page(desk, &who, id, Some(form)).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    rename_passkey(&desk.ctx, &who.member.login, id, &name).await?;
    Ok(Ok(Redirect::to("/account?done=renamed")))
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
    Ok(Redirect::to("/account?done=removed"))
}

#[get("/account/sign-out-everywhere")]
async fn ask_out(
    desk: &State<Desk>,
    who: SignedIn,
) -> Result<Page<SignOutEverywherePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let devices = links::devices(&mut conn, &who.member.login, desk.ctx.now()).await?.len();
    let chrome = desk.signed_in_chrome(Area::Account, &who.member);
    Ok(Page::ok(SignOutEverywherePage { chrome, devices }))
}

#[post("/account/sign-out-everywhere")]
async fn leave(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    cookies: &CookieJar<'_>,
) -> Result<Forgetting, Failure> {
    let StaffMember { login, .. } = &who.member;
    sign_out_everywhere(&desk.ctx, &Actor::Staff(login.clone()), login).await?;
    Ok(forget(cookies))
}

pub fn routes() -> Vec<Route> {
    routes![show, offer, start, add, open, rename, ask_remove, remove, ask_out, leave]
}
