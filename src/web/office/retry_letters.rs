//! Sending all letters again that were given up: once the mail server is mended.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::retry_letter::retry_all_letters,
    domain::wording,
    store::letter_search::{self, Progress},
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ReadLetters, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before all are sent.
#[derive(Debug, Template)]
#[template(path = "office/retry_letters.html")]
struct RetryLettersPage {
    chrome: Chrome,
    letters: usize,
    /// The key of this attempt (V3).
    attempt: String,
}

impl RetryLettersPage {
    fn letters_words(&self) -> String {
        wording::count(self.letters, "letter", "letters")
    }
}

#[get("/office/letters/retry-all")]
async fn ask(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
) -> Result<Page<RetryLettersPage>, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut conn = desk.ctx.store.read().await?;
    let letters = letter_search::count(&mut conn, Progress::Failed, within).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    let letters = usize::try_from(letters).unwrap_or(0);
    Ok(Page::ok(RetryLettersPage { chrome, letters, attempt: desk.attempt() }))
}

#[post("/office/letters/retry-all", data = "<fields>")]
async fn retry(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ReadLetters>,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let attempt = fields.attempt();
    let letters = retry_all_letters(&desk.ctx, &who.actor(), within, attempt.as_ref()).await?;
    let done = if letters > 0 { "all-retried" } else { "none-retried" };
    Ok(Redirect::to(paths::office::letters().done(done)))
}

pub fn routes() -> Vec<Route> {
    routes![ask, retry]
}
