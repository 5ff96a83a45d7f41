//! The last look at a draft, before it is put into the catalogue.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{plan_session::PlanError, publish_session::publish_session},
    domain::{
        clash::{Clash, clashes},
        id::SessionCode,
        plan::SessionPlan,
        session::Session,
        wording,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{addressed::session_for, sessions::facts::facts},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_publish, publish]
}

type Who = Granted<PlanSessions>;

/// Everything about a draft, before it is put into the catalogue.
#[derive(Template)]
#[template(path = "office/sessions/publish.html")]
struct PublishPage {
    chrome: Chrome,
    session: Session,
    /// Trainers who lead something else at the same time.
    clashes: Vec<Clash>,
    /// What it was drawn from.
    drawn: String,
    /// What somebody else changed since she looked.
    news: Vec<String>,
    /// Whether a day has begun, so that it cannot be published.
    is_late: bool,
}

impl PublishPage {
    fn facts(&self) -> Vec<(&'static str, String)> {
        facts(&self.session)
    }
}

fn to(code: &SessionCode, done: &str) -> Redirect {
    Redirect::to(paths::office::session(code).done(done))
}

#[get("/office/sessions/<code>/publish")]
async fn ask_publish(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<PublishPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    Ok(Page::ok(page(desk, &who, session, Vec::new()).await?))
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    news: Vec<String>,
) -> Result<PublishPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let is_late = session.starts_at().is_none_or(|starts| starts <= desk.ctx.now());
    Ok(PublishPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        clashes: clashes(&session, &coming),
        drawn: edited::field(Some(&SessionPlan::of(&session))),
        news,
        is_late,
        session,
    })
}

#[post("/office/sessions/<code>/publish", data = "<fields>")]
async fn publish(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Result<Redirect, Page<PublishPage>>, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match publish_session(&desk.ctx, &actor, &code, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(to(&code, "published"))),
        Err(PlanError::Days(_)) => Ok(Ok(Redirect::to(paths::office::session_publish(&code)))),
        Err(PlanError::NotADraft) => Ok(Ok(Redirect::to(paths::office::session(&code)))),
        Err(PlanError::Conflicts(conflicts)) => {
            let mut conn = desk.ctx.store.read().await?;
            let session = session_for(&mut conn, &who, &code).await?;
            let mut news = Vec::new();
            for conflict in &conflicts.fields {
                let reader = (&actor, session.zone());
                news.push(edited::words(&mut conn, conflict, reader).await?);
            }
            drop(conn);
            Ok(Err(Page::conflict(page(desk, &who, session, news).await?)))
        }
        Err(error) => {
            Err(Failure::from(error).leads(paths::office::sessions(), "Back to the sessions"))
        }
    }
}
