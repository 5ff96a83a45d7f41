//! What somebody wants to be told, by the link in her letters: confirming it, and ending it. A GET only asks.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::{
    actions::asking::interest::answer_interest,
    domain::interest::Interest,
    store::{catalogue, interests},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths,
    },
};

#[derive(Template)]
#[template(path = "interest.html")]
struct InterestPage {
    chrome: Chrome,
    course: String,
    interest: Interest,
    token: Token,
}

async fn page(desk: &Desk, interest: Interest, token: Token) -> Result<InterestPage, Failure> {
    let courses = catalogue::courses(&mut desk.ctx.store.read().await?).await?;
    let course = courses.into_iter().find(|one| one.slug == interest.course);
    let course = course.map_or_else(|| interest.course.to_string(), |one| one.title);
    Ok(InterestPage { chrome: desk.private_chrome(Area::Elsewhere), course, interest, token })
}

#[get("/interest/<token>")]
async fn show(desk: &State<Desk>, token: Token) -> Result<Page<InterestPage>, Failure> {
    let found = interests::by_link(&mut desk.ctx.store.read().await?, token.hash()).await?;
    Ok(Page::ok(page(desk, found.ok_or(Failure::NotFound)?, token).await?))
}

#[post("/interest/<token>", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Page<InterestPage>, Failure> {
    let wants = !fields.is("act", "stop");
    let found = answer_interest(&desk.ctx, &token, wants).await?;
    Ok(Page::ok(page(desk, found.ok_or(Failure::NotFound)?, token).await?))
}

pub fn routes() -> Vec<Route> {
    routes![show, send]
}
