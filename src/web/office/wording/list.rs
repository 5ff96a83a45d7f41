//! The alliances whose letters somebody may word.

use askama::Template;
use rocket::{Route, State, get, routes};

use super::Who;
use crate::{
    domain::{alliance::Alliance, wording},
    store::catalogue,
    web::{
        Desk,
        failure::Failure,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![all]
}

#[derive(Template)]
#[template(path = "office/wording/list.html")]
struct WordingsPage {
    chrome: Chrome,
    alliances: Vec<Alliance>,
}

impl WordingsPage {
    fn about(&self, alliance: &Alliance) -> String {
        match alliance.words.letters.wordings.len() {
            0 => "All letters say what they said at first".to_owned(),
            worded => format!("{} in its own words", wording::count(worded, "letter", "letters")),
        }
    }
}

#[get("/office/wording")]
async fn all(desk: &State<Desk>, who: Who) -> Result<Page<WordingsPage>, Failure> {
    let mut alliances = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(WordingsPage { chrome, alliances }))
}
