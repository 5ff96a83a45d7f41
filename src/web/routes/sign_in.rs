//! Staff sign in by a link sent by e-mail.

use chrono::Duration;
use rocket::{
    Responder, Route, State, get,
    http::{Cookie, CookieJar, Header, SameSite, Status},
    post,
    response::Redirect,
    routes,
};

use super::super::{
    Desk,
    failure::Failure,
    fields::Fields,
    form::FormState,
    guard::{SIGN_IN_COOKIE, SameOrigin, SignedIn},
    limits::LinkPace,
    page::{Area, Page},
    trainer::sign_in::{DeadLinkPage, SignInConfirmPage, SignInPage, SignInSentPage, SignOutPage},
};
use crate::{
    actions::sign_in::{LINK_MINUTES, request_sign_in, sign_in, sign_out, who_is_signed_in},
    domain::{
        contact::EmailAddress,
        permission::{Permission, allows_somewhere},
    },
    store::{links, links::LinkTarget},
    token::Token,
};

#[get("/sign-in")]
fn ask(desk: &State<Desk>) -> Page<SignInPage> {
    let chrome = desk.private_chrome(Area::Elsewhere);
    Page::ok(SignInPage { chrome, form: FormState::default() })
}

#[post("/sign-in", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    fields: Fields,
) -> Result<Result<Page<SignInSentPage>, Page<SignInPage>>, Failure> {
    let chrome = desk.private_chrome(Area::Elsewhere);
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
        return Ok(Err(Page::unprocessable(SignInPage { chrome, form })));
    };
    request_sign_in(&desk.ctx, &email).await?;
    let email = email.to_string();
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
    let remember = fields.is("remember", "1");
    let lasts = if remember { Duration::days(30) } else { Duration::hours(12) };
    let Some(signed_in) = sign_in(&desk.ctx, &token, lasts).await? else {
        let chrome = desk.private_chrome(Area::Elsewhere);
        let page = DeadLinkPage { chrome, again: "/sign-in" };
        return Ok(Err(Page { status: Status::NotFound, template: page }));
    };
    let secure = desk.ctx.sender.base_url.starts_with("https://");
    let mut cookie = Cookie::build((SIGN_IN_COOKIE, signed_in.secret().to_owned()))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .path("/");
    if remember {
        cookie = cookie.max_age(rocket::time::Duration::days(30));
    }
    let mut cookie = cookie.build();
    if !remember {
        cookie.set_expires(None);
    }
    cookies.add_private(cookie);
    let who = who_is_signed_in(&desk.ctx, &signed_in).await?;
    let office = who.is_some_and(|who| allows_somewhere(&who, Permission::WatchSessions));
    Ok(Ok(Redirect::to(if office { "/office" } else { "/trainer" })))
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
    cookies.remove_private(SIGN_IN_COOKIE);
    let forget = Header::new("Clear-Site-Data", "\"cache\", \"storage\"");
    Ok(Forgetting { to: Redirect::to("/sign-in"), forget })
}

/// Away, and the device forgets what it kept: the rosters of doors without signal (P1).
#[derive(Responder)]
struct Forgetting {
    to: Redirect,
    forget: Header<'static>,
}

pub fn routes() -> Vec<Route> {
    routes![ask, send, confirm, enter, ask_out, leave]
}
