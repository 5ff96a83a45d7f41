//! She tells of a course elsewhere or hours of action; an organiser confirms them.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::whose;
use crate::{
    actions::path::claim::{take_out, write_down},
    domain::{audit::Actor, id::PathRecordId},
    store::StoreError,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        path_form::{self, PathField},
        path_view::{sorts, views},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, claim, back]
}

#[derive(Template)]
#[template(path = "my_path/claim.html")]
struct ClaimPage {
    chrome: Chrome,
    token: Token,
    sorts: Vec<String>,
    form: FormState<PathField>,
}

impl ClaimPage {
    fn sorts(&self) -> Vec<(&str, &str)> {
        self.sorts.iter().map(|sort| (sort.as_str(), sort.as_str())).collect()
    }
}

/// The kinds of action she chooses from.
async fn hers(desk: &Desk, token: &Token) -> Result<Vec<String>, Failure> {
    let person = whose(desk, token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let views: Result<_, StoreError> =
        views(&mut conn, person.id, desk.ctx.now().date_naive()).await;
    Ok(sorts(&views?))
}

#[get("/path/<token>/claims")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<ClaimPage>, Failure> {
    let sorts = hers(desk, &token).await?;
    let (chrome, form) = (desk.private_chrome(Area::Booking), path_form::empty(desk.attempt()));
    Ok(Page::ok(ClaimPage { chrome, token, sorts, form }))
}

#[post("/path/<token>/claims", data = "<fields>")]
async fn claim(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<ClaimPage>>, Failure> {
    let person = whose(desk, &token).await?;
    let sorts = hers(desk, &token).await?;
    let (form, done) = path_form::read(&fields, &sorts, desk.ctx.now());
    let Some(done) = done else {
        let chrome = desk.private_chrome(Area::Booking);
        return Ok(Err(Page::unprocessable(ClaimPage { chrome, token, sorts, form })));
    };
    let attempt = fields.attempt();
    let written =
        write_down(&desk.ctx, &Actor::Attendee, (person.id, &done), attempt.as_ref()).await;
    written.map_err(|error| Failure::from(error).leads(paths::path::mine(&token), "Your path"))?;
    Ok(Ok(Redirect::to(paths::path::mine(&token).done("claimed"))))
}

#[post("/path/<token>/claims/<record>/take-back")]
async fn back(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    record: PathRecordId,
) -> Result<Redirect, Failure> {
    let person = whose(desk, &token).await?;
    let taken = take_out(&desk.ctx, &Actor::Attendee, (person.id, record)).await;
    taken.map_err(|error| Failure::from(error).leads(paths::path::mine(&token), "Your path"))?;
    Ok(Redirect::to(paths::path::mine(&token).done("back")))
}
