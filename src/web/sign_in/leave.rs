//! Signing out.

use askama::Template;
use rocket::{Route, State, get, http::CookieJar, post, routes};

use crate::{
    actions::staff::sign_in::sign_out,
    web::{
        Desk,
        failure::Failure,
        guard::{LetIn, SameOrigin},
        page::{Chrome, Page},
        paths,
        sign_in::cookie::{Forgetting, forget},
    },
};

/// Asking before signing out.
#[derive(Template)]
#[template(path = "sign_in/leave.html")]
struct SignOutPage {
    chrome: Chrome,
}

#[get("/sign-out")]
fn ask_out(desk: &State<Desk>, who: LetIn) -> Page<SignOutPage> {
    Page::ok(SignOutPage { chrome: desk.staff_chrome(&who.member) })
}

#[post("/sign-out")]
async fn leave(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: LetIn,
    cookies: &CookieJar<'_>,
) -> Result<Forgetting, Failure> {
    sign_out(&desk.ctx, &who.member.login, &who.token).await?;
    Ok(forget(cookies))
}

pub fn routes() -> Vec<Route> {
    routes![ask_out, leave]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::page::Area;
    use crate::web::samples::*;

    #[test]
    fn signing_out_ends_in_a_button() {
        let page = SignOutPage { chrome: chrome(Area::Elsewhere) };
        contains_all(&rendered("sign-out", &page), &["method=\"post\""]);
    }
}
