//! What is handed out on a session.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use super::add::{Brought, HandoutField, add, empty, notice};
use crate::{
    domain::{
        handout::{HandedOut, Handout},
        id::SessionCode,
        session::Session,
        wording,
    },
    store::handouts,
    web::{
        Desk,
        failure::Failure,
        forms::FormState,
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, bring]
}

type Who = Granted<PlanSessions>;

#[derive(Template)]
#[template(path = "office/handouts/of_session.html")]
struct HandoutsPage {
    chrome: Chrome,
    notice: Option<&'static str>,
    session: Session,
    /// Its own.
    own: Vec<Handout>,
    /// Those of its course.
    shared: Vec<Handout>,
    form: FormState<HandoutField>,
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    form: FormState<HandoutField>,
) -> Result<HandoutsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let own = handouts::of(&mut conn, &HandedOut::Session(session.code.clone())).await?;
    let course = HandedOut::Course(session.course.slug.clone());
    let shared = handouts::of(&mut conn, &course).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(HandoutsPage { chrome, notice: None, session, own, shared, form })
}

#[get("/office/sessions/<code>/handouts?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<HandoutsPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let page = page(desk, &who, session, empty(desk)).await?;
    Ok(Page::ok(HandoutsPage { notice: notice(done), ..page }))
}

#[post("/office/sessions/<code>/handouts", data = "<upload>")]
async fn bring(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    upload: Brought,
) -> Result<Either<Redirect, Page<HandoutsPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let of = HandedOut::Session(code.clone());
    match add(desk, &who.actor(), of, upload).await? {
        Ok(()) => Ok(Either::Left(Redirect::to(paths::handouts::of_session(&code).done("added")))),
        Err(form) => {
            let page = page(desk, &who, session, form).await?;
            Ok(Either::Right(Page::unprocessable(page)))
        }
    }
}
