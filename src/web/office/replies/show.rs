//! A message to the reply mailbox that a person has to read.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};
use uuid::Uuid;

use crate::{
    store::received,
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ReadLetters, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![one, done]
}

fn everywhere(who: &Granted<ReadLetters>) -> Result<(), Failure> {
    if who.reaches_everything() { Ok(()) } else { Err(Failure::Forbidden) }
}

/// One message that a person has to read.
#[derive(Template)]
#[template(path = "office/replies/show.html")]
struct ReplyPage {
    chrome: Chrome,
    id: uuid::Uuid,
    /// Its text as it came, headers included.
    raw: String,
}

#[get("/office/replies/<id>")]
async fn one(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    id: Uuid,
) -> Result<Page<ReplyPage>, Failure> {
    everywhere(&who)?;
    let mut conn = desk.ctx.store.read().await?;
    let raw = received::raw(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    Ok(Page::ok(ReplyPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        id,
        raw: String::from_utf8_lossy(&raw).into_owned(),
    }))
}

#[post("/office/replies/<id>/done")]
async fn done(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ReadLetters>,
    id: Uuid,
) -> Result<Redirect, Failure> {
    everywhere(&who)?;
    let mut tx = desk.ctx.store.begin().await?;
    let was_open = received::mark_done(&mut tx, id, desk.ctx.now()).await?;
    tx.commit().await?;
    Ok(Redirect::to(if was_open {
        paths::office::replies().done("1")
    } else {
        paths::office::replies()
    }))
}
