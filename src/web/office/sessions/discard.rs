//! Deleting a draft: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::discard_session::discard_session,
    domain::{
        id::SessionCode,
        session::{Publication, Session},
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, PlanSessions, SameOrigin},
        next::Next,
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, discard]
}

type Who = Granted<PlanSessions>;

/// A draft that is about to be deleted.
#[derive(Debug, Template)]
#[template(path = "office/sessions/discard.html")]
struct DiscardPage {
    chrome: Chrome,
    session: Session,
}

#[get("/office/sessions/<code>/discard")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Next<DiscardPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    if session.publication != Publication::Draft {
        return Ok(Next::Go(Box::new(Redirect::to(paths::office::session(&code)))));
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Next::Show(Box::new(Page::ok(DiscardPage { chrome, session }))))
}

#[post("/office/sessions/<code>/discard")]
async fn discard(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
) -> Result<Redirect, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    discard_session(&desk.ctx, &who.actor(), &code).await?;
    Ok(Redirect::to(paths::office::drafts().done("discarded")))
}
