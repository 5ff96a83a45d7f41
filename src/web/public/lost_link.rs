//! Asking for a lost link.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::{
    actions::letters::recover_links::recover_links,
    domain::contact::EmailAddress,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        limits::LinkPace,
        page::{Area, Chrome, Page},
    },
};

/// Asking for a lost link.
#[derive(Debug, Template)]
#[template(path = "public/lost_link.html")]
struct LostLinkPage {
    chrome: Chrome,
    form: FormState,
}

/// The answer, the same whether or not the address is known (B8).
#[derive(Debug, Template)]
#[template(path = "public/lost_link_sent.html")]
struct LostLinkSentPage {
    chrome: Chrome,
    email: String,
}

#[get("/lost-link")]
fn lost(desk: &State<Desk>) -> Page<LostLinkPage> {
    Page::ok(LostLinkPage { chrome: desk.chrome(Area::Booking), form: FormState::default() })
}

#[post("/lost-link", data = "<fields>")]
async fn recover(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    fields: Fields,
) -> Result<Result<Page<LostLinkSentPage>, Page<LostLinkPage>>, Failure> {
    let chrome = desk.chrome(Area::Booking);
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
        return Ok(Err(Page::unprocessable(LostLinkPage { chrome, form })));
    };
    recover_links(&desk.ctx, &email).await?;
    Ok(Ok(Page::ok(LostLinkSentPage { chrome, email: email.to_string() })))
}

pub fn routes() -> Vec<Route> {
    routes![lost, recover]
}
