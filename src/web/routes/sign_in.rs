//! Staff sign in with a passkey, or by a link sent by e-mail.

use chrono::Duration;
use rocket::{
    Responder, Route, State, get,
    http::{Cookie, CookieJar, Header, SameSite, Status},
    post,
    response::Redirect,
    routes,
    serde::json::Json,
};
use serde::Serialize;

use crate::{
    actions::staff::{
        passkeys::{
            Ceremony, PasskeyError, are_available, begin_sign_in, finish_sign_in, offer_once,
        },
        sign_in::{LINK_MINUTES, request_sign_in, sign_in, sign_out, who_is_signed_in},
    },
    domain::{
        contact::EmailAddress,
        permission::{Permission, allows_somewhere},
        staff::StaffMember,
    },
    store::links::{self, LinkTarget},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{SIGN_IN_COOKIE, SameOrigin, SignedIn},
        headers::Fetching,
        limits::LinkPace,
        page::{Area, Page},
        trainer::sign_in::{
            DeadLinkPage, SignInConfirmPage, SignInPage, SignInSentPage, SignOutPage,
        },
    },
};

#[get("/sign-in")]
fn ask(desk: &State<Desk>) -> Fetching<Page<SignInPage>> {
    Page::ok(sign_in_page(desk, FormState::default())).into()
}

fn sign_in_page(desk: &Desk, form: FormState) -> SignInPage {
    let chrome = desk.private_chrome(Area::Elsewhere);
    SignInPage { chrome, passkeys: are_available(&desk.ctx), form }
}

#[post("/sign-in", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    fields: Fields,
) -> Result<Result<Page<SignInSentPage>, Fetching<Page<SignInPage>>>, Failure> {
    let typed = fields.get("email");
    let Ok(email) = typed.parse::<EmailAddress>() else {
        let mut form = FormState::default();
        form.keep("email", typed);
        let words = if typed.trim().is_empty() {
            "Enter your email address"
        } else {
            "Check your email address. It should look like name@example.org"
        };
        form.fault("email", words);
        return Ok(Err(Page::unprocessable(sign_in_page(desk, form)).into()));
    };
    request_sign_in(&desk.ctx, &email).await?;
    let email = email.to_string();
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Ok(Page::ok(SignInSentPage { chrome, email, minutes: LINK_MINUTES })))
}

#[get("/sign-in/<token>")]
async fn confirm(
    desk: &State<Desk>,
    token: Token,
) -> Result<Result<Page<SignInConfirmPage>, Page<DeadLinkPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let target = links::find(&mut conn, token.hash(), desk.ctx.now()).await?;
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(match target {
        Some(LinkTarget::SignIn(_)) => {
            let action = format!("/sign-in/{}", token.secret());
            Ok(Page::ok(SignInConfirmPage { chrome, action }))
        }
        _ => Err(Page {
            status: Status::NotFound,
            template: DeadLinkPage { chrome, again: "/sign-in" },
        }),
    })
}

#[post("/sign-in/<token>", data = "<fields>")]
async fn enter(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Result<Redirect, Page<DeadLinkPage>>, Failure> {
    let stay = Stay::of(&fields);
    let Some(signed_in) = sign_in(&desk.ctx, &token, stay.lasts()).await? else {
        let chrome = desk.private_chrome(Area::Elsewhere);
        let page = DeadLinkPage { chrome, again: "/sign-in" };
        return Ok(Err(Page { status: Status::NotFound, template: page }));
    };
    keep(desk, cookies, &signed_in, stay);
    let who = who_is_signed_in(&desk.ctx, &signed_in).await?.ok_or(Failure::NotFound)?;
    // The page before says in a hidden field whether this browser has passkeys at all.
    if fields.is("passkeys", "yes") && offer_once(&desk.ctx, &who.login).await? {
        return Ok(Ok(Redirect::to("/account/passkeys")));
    }
    Ok(Ok(Redirect::to(home(&who))))
}

/// For how long somebody wants to be signed in.
#[derive(Debug, Clone, Copy)]
enum Stay {
    /// Until the browser is closed, half a day at the latest.
    Today,
    /// On their own device.
    Month,
}

impl Stay {
    fn of(fields: &Fields) -> Self {
        if fields.is("remember", "1") { Self::Month } else { Self::Today }
    }

    fn lasts(self) -> Duration {
        match self {
            Self::Today => Duration::hours(12),
            Self::Month => Duration::days(30),
        }
    }
}

/// Gives the browser the token of being signed in.
fn keep(desk: &Desk, cookies: &CookieJar<'_>, signed_in: &Token, stay: Stay) {
    let cookie = Cookie::build((SIGN_IN_COOKIE, signed_in.secret().to_owned()))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(desk.ctx.sender.base_url.starts_with("https://"))
        .path("/");
    let cookie = match stay {
        Stay::Month => cookie.max_age(rocket::time::Duration::days(30)).build(),
        Stay::Today => {
            let mut cookie = cookie.build();
            cookie.set_expires(None);
            cookie
        }
    };
    cookies.add_private(cookie);
}

/// Where somebody's work begins.
pub(super) fn home(who: &StaffMember) -> &'static str {
    if allows_somewhere(who, Permission::WatchSessions) { "/office" } else { "/trainer" }
}

/// What `navigator.credentials` is to be asked, and what comes back with the answer.
#[derive(Debug, Serialize)]
pub(super) struct Challenge {
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
    Redirect::to("/sign-in")
}

#[post("/sign-in/passkey", data = "<fields>")]
async fn enter_by_passkey(
    desk: &State<Desk>,
    _origin: SameOrigin,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Result<Redirect, Fetching<Page<SignInPage>>>, Failure> {
    let stay = Stay::of(&fields);
    let words = match fields.get("ceremony").parse() {
        Err(_) => "Press the button and answer your device",
        Ok(token) => {
            match finish_sign_in(&desk.ctx, &token, fields.get("answer"), stay.lasts()).await {
                Ok(signed_in) => {
                    keep(desk, cookies, &signed_in, stay);
                    let who = who_is_signed_in(&desk.ctx, &signed_in).await?;
                    let who = who.ok_or(Failure::NotFound)?;
                    return Ok(Ok(Redirect::to(home(&who))));
                }
                Err(PasskeyError::TooLate) => "That took too long. Try again",
                Err(PasskeyError::Store(error)) => return Err(error.into()),
                // One answer for all: nobody learns whether an account is closed.
                Err(_) => {
                    "This passkey does not sign anybody in here. Ask for a link below instead"
                }
            }
        }
    };
    let mut form = FormState::default();
    form.fault("passkey", words);
    Ok(Err(Page::unprocessable(sign_in_page(desk, form)).into()))
}

#[get("/sign-out")]
fn ask_out(desk: &State<Desk>, who: SignedIn) -> Page<SignOutPage> {
    Page::ok(SignOutPage { chrome: desk.staff_chrome(&who.member) })
}

#[post("/sign-out")]
async fn leave(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    cookies: &CookieJar<'_>,
) -> Result<Forgetting, Failure> {
    sign_out(&desk.ctx, &who.member.login, &who.token).await?;
    Ok(forget(cookies))
}

/// Takes the token back.
pub(super) fn forget(cookies: &CookieJar<'_>) -> Forgetting {
    cookies.remove_private(SIGN_IN_COOKIE);
    let forget = Header::new("Clear-Site-Data", "\"cache\", \"storage\"");
    Forgetting { to: Redirect::to("/sign-in"), forget }
}

/// Away, and the device forgets what it kept: the rosters of doors without signal (P1).
#[derive(Responder)]
pub(super) struct Forgetting {
    to: Redirect,
    forget: Header<'static>,
}

pub fn routes() -> Vec<Route> {
    routes![ask, send, confirm, enter, start_passkey, ask_again, enter_by_passkey, ask_out, leave]
}
