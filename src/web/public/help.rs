//! Help and accessibility: pages to read.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::web::{
    Desk,
    page::{Area, Chrome, Page},
    paths,
};

/// Help.
#[derive(Debug, Template)]
#[template(path = "public/help.html")]
struct HelpPage {
    chrome: Chrome,
    /// How long places are held.
    hold_minutes: i64,
}

/// What works for whom.
#[derive(Debug, Template)]
#[template(path = "public/accessibility.html")]
struct AccessibilityPage {
    chrome: Chrome,
}

#[get("/help")]
fn help(desk: &State<Desk>) -> Page<HelpPage> {
    Page::ok(HelpPage {
        chrome: desk.chrome(Area::Elsewhere),
        hold_minutes: desk.ctx.hold.num_minutes(),
    })
}

#[get("/accessibility")]
fn accessibility(desk: &State<Desk>) -> Page<AccessibilityPage> {
    Page::ok(AccessibilityPage { chrome: desk.chrome(Area::Elsewhere) })
}

pub fn routes() -> Vec<Route> {
    routes![help, accessibility]
}
