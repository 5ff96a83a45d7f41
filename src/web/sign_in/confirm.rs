//! Where the link in the letter leads: one button away from being signed in.

use askama::Template;
use rocket::{
    Route, State, get,
    http::{CookieJar, Status},
    post,
    response::Redirect,
    routes,
};

use crate::{
    actions::staff::{
        passkeys::offer_once,
        sign_in::{sign_in, who_is_signed_in},
    },
    store::links::LinkTarget,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, form_fields},
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        sign_in::cookie::{Stay, give_cookie, home, leave_former},
    },
};

form_fields! {
    /// Hidden: a script says in it whether this browser has passkeys at all.
    enum Field { Passkeys = "passkeys" }
}

/// Where the link leads: one button away from being signed in.
#[derive(Template)]
#[template(path = "sign_in/confirm.html")]
struct SignInConfirmPage {
    chrome: Chrome,
    /// Where the button posts to; the form has one field, the checkbox `remember`.
    action: Href,
}

/// A link that was used, ran out or was replaced.
#[derive(Template)]
#[template(path = "sign_in/dead_link.html")]
struct DeadLinkPage {
    chrome: Chrome,
    /// Where to get a new one.
    again: Href,
}

#[get("/sign-in/<token>")]
async fn confirm(
    desk: &State<Desk>,
    token: Token,
) -> Result<Result<Page<SignInConfirmPage>, Page<DeadLinkPage>>, Failure> {
    let target = desk.link(&token).await?;
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(match target {
        Some(LinkTarget::SignIn(_)) => {
            let action = paths::account::sign_in_link(&token);
            Ok(Page::ok(SignInConfirmPage { chrome, action }))
        }
        _ => Err(Page {
            status: Status::NotFound,
            template: DeadLinkPage { chrome, again: paths::account::sign_in() },
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
        let page = DeadLinkPage { chrome, again: paths::account::sign_in() };
        return Ok(Err(Page { status: Status::NotFound, template: page }));
    };
    leave_former(desk, cookies).await?;
    give_cookie(desk, cookies, &signed_in, stay);
    let who = who_is_signed_in(&desk.ctx, &signed_in).await?.ok_or(Failure::NotFound)?;
    // The page before says in a hidden field whether this browser has passkeys at all.
    if fields.has(Field::Passkeys, "yes") && offer_once(&desk.ctx, &who.login).await? {
        return Ok(Ok(Redirect::to(paths::account::passkeys())));
    }
    Ok(Ok(Redirect::to(home(&who))))
}

pub fn routes() -> Vec<Route> {
    routes![confirm, enter]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn the_link_leads_to_a_button_and_a_dead_one_on() {
        let chrome = || chrome(Area::Elsewhere);
        let confirm =
            SignInConfirmPage { chrome: chrome(), action: paths::account::sign_in_link(&token()) };
        contains_all(
            &rendered("sign-in-confirm", &confirm),
            &["action=\"/sign-in/0123456789abcdefghjkmnpqrs\""],
        );
        let dead = DeadLinkPage { chrome: chrome(), again: paths::public::lost_link() };
        contains_all(&rendered("dead-link", &dead), &["no longer works", "href=\"/lost-link\""]);
    }
}
