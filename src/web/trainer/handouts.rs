//! The papers of a session, for whoever leads it.

use askama::Template;
use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    domain::{
        handout::Handout,
        id::{HandoutId, SessionCode},
        session::Session,
        wording,
    },
    store::{Conn, handouts, sessions},
    web::{
        Desk,
        download::Download,
        failure::Failure,
        guard::{CheckIn, Granted},
        handed_out::open,
        page::{Chrome, Page},
        paths,
    },
};

type Who = Granted<CheckIn>;

/// The session in an address, for whoever leads it.
async fn hers(conn: &mut Conn, who: &Who, code: &SessionCode) -> Result<Session, Failure> {
    let session = sessions::find(conn, code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok(session)
}

#[derive(Template)]
#[template(path = "trainer/handouts.html")]
struct HandoutsPage {
    chrome: Chrome,
    session: Session,
    handouts: Vec<Handout>,
}

#[get("/trainer/sessions/<code>/handouts")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<HandoutsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = hers(&mut conn, &who, &code).await?;
    let handouts = handouts::on_session(&mut conn, &code).await?;
    let chrome = desk.staff_chrome(&who.member);
    Ok(Page::ok(HandoutsPage { chrome, session, handouts }))
}

#[get("/trainer/sessions/<code>/handouts/<id>")]
async fn read(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    id: HandoutId,
) -> Result<Either<Download, Redirect>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    hers(&mut conn, &who, &code).await?;
    let all = handouts::on_session(&mut conn, &code).await?;
    open(&mut conn, &all, id).await
}

pub fn routes() -> Vec<Route> {
    routes![list, read]
}
