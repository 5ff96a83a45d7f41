//! Asking for a lost link.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::{
    actions::letters::ask_for_link::ask_for_lost_link,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        limits::LinkPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field { Email = "email" }
}

/// Asking for a lost link.
#[derive(Debug, Template)]
#[template(path = "public/lost_link.html")]
struct LostLinkPage {
    chrome: Chrome,
    form: FormState<Field>,
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
    let mut form = FormState::sent(&fields);
    let Some(email) = form.email(Field::Email, "your email address") else {
        return Ok(Err(Page::unprocessable(LostLinkPage { chrome, form })));
    };
    ask_for_lost_link(&desk.ctx, &email).await?;
    Ok(Ok(Page::ok(LostLinkSentPage { chrome, email: email.to_string() })))
}

pub fn routes() -> Vec<Route> {
    routes![lost, recover]
}
