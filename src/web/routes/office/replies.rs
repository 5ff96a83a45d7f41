//! What came to the reply mailbox. It belongs to no alliance, so only those who may read letters
//! everywhere see it.

use chrono::Duration;
use rocket::{Route, State, get, post, response::Redirect, routes};
use uuid::Uuid;

use super::Asked;
use crate::{
    store::{catalogue, received},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ReadLetters, SameOrigin},
        office::{
            replies::{RepliesPage, ReplyPage},
            zone_of,
        },
        page::{Area, Page},
    },
};

/// How many messages the list shows.
const MOST: i64 = 200;

fn everywhere(who: &Granted<ReadLetters>) -> Result<(), Failure> {
    if who.reaches_everything() { Ok(()) } else { Err(Failure::Forbidden) }
}

#[get("/office/replies?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    asked: Asked<'_>,
) -> Result<Page<RepliesPage>, Failure> {
    everywhere(&who)?;
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let since = desk.ctx.now() - Duration::days(30);
    Ok(Page::ok(RepliesPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: asked.done.map(|_| "Done. We have forgotten what it says.".to_owned()),
        counts: received::counts(&mut conn, since).await?,
        mails: received::latest(&mut conn, MOST).await?,
        zone: zone_of(&who.member, &alliances),
    }))
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
    Ok(Redirect::to(if was_open { "/office/replies?done=1" } else { "/office/replies" }))
}

pub fn routes() -> Vec<Route> {
    routes![list, one, done]
}
