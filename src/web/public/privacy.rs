//! The privacy notice: who keeps what, how long and why (UK GDPR Article 13), from the table that the
//! work that erases goes by (P5).

use std::sync::Arc;

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::retention::{Controller, Rule, table},
    web::{
        Desk,
        page::{Area, Chrome, Page},
        paths,
    },
};

#[derive(Template)]
#[template(path = "public/privacy.html")]
struct PrivacyPage {
    chrome: Chrome,
    controller: Arc<Controller>,
}

impl PrivacyPage {
    fn rules(&self) -> Vec<Rule> {
        table(self.controller.retention)
    }
}

#[get("/privacy")]
fn privacy(desk: &State<Desk>) -> Page<PrivacyPage> {
    let controller = Arc::clone(&desk.ctx.controller);
    Page::ok(PrivacyPage { chrome: desk.chrome(Area::Elsewhere), controller })
}

pub fn routes() -> Vec<Route> {
    routes![privacy]
}
