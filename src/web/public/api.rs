//! What other programs may ask of us, for people to read.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::web::{
    Desk,
    page::{Area, Chrome, Page},
    paths,
};

#[derive(Debug, Template)]
#[template(path = "public/api.html")]
struct ApiPage {
    chrome: Chrome,
    /// Where the site begins.
    base: String,
}

#[get("/api")]
fn api(desk: &State<Desk>) -> Page<ApiPage> {
    let base = desk.ctx.letterhead.base_url.clone();
    Page::ok(ApiPage { chrome: desk.chrome(Area::Elsewhere), base })
}

pub fn routes() -> Vec<Route> {
    routes![api]
}
