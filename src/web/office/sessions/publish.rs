//! The last look at a draft, before it is put into the catalogue.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        sessions::{plan_session::PlanError, publish_session::publish_session},
        venues::ask::ask,
    },
    domain::{
        clash::{Clash, VenueUse, clashes},
        id::SessionCode,
        plan::SessionPlan,
        session::Session,
        wording,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for, session_fields::SessionField as Field, sessions::facts::facts,
            venues,
        },
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
    /// What it was drawn from, what is asked about its venue, and the box that answers.
    form: FormState<Field>,
    questions: Vec<String>,
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
    Ok(Page::ok(page(desk, &who, session, Default::default()).await?))
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    (mut form, news): (FormState<Field>, Vec<String>),
) -> Result<PublishPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let used = VenueUse::of(&session);
    let questions: Vec<_> =
        ask(&mut conn, &used, desk.ctx.now()).await?.iter().map(venues::words).collect();
    if !questions.is_empty() {
        form.fill(Field::VenueAsked, "1");
    }
    form.draw_from(edited::field(Some(&SessionPlan::of(&session))));
    let is_late = session.starts_at().is_none_or(|starts| starts <= desk.ctx.now());
    Ok(PublishPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        clashes: clashes(&session, &coming),
        form,
        questions,
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
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::sent_for(&fields, &[Field::VenueAnyway]);
    let used = VenueUse::of(&session);
    if venues::asks(&mut desk.ctx.store.read().await?, &mut form, &used, desk.ctx.now()).await? {
        let page = page(desk, &who, session, (form, Vec::new())).await?;
        return Ok(Err(Page::unprocessable(page)));
    }
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
            Ok(Err(Page::conflict(page(desk, &who, session, (FormState::default(), news)).await?)))
        }
        Err(error) => {
            Err(Failure::from(error).leads(paths::office::sessions(), "Back to the sessions"))
        }
    }
}
