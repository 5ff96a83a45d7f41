//! What is arranged for one session.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::overview::keep_support::{SupportError, Which, keep_support},
    domain::{id::SessionCode, session::Session, support::pounds, wording},
    store::supports,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            overview::arranging::{Line, lines},
            supports::one::{SupportField, arranged, states},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, add]
}

type Who = Granted<PlanSessions>;

#[derive(Template)]
#[template(path = "office/supports/of_session.html")]
struct SupportsPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    lines: Vec<Line>,
    form: FormState<SupportField>,
}

impl SupportsPage {
    fn states(&self) -> [(&'static str, &'static str); 4] {
        states()
    }

    /// The sum of what is known of costs.
    fn costs(&self) -> Option<String> {
        let costs = self.lines.iter().filter_map(|line| line.kept.as_ref()?.cost);
        let pence: i64 = costs.map(i64::from).sum();
        (pence > 0).then(|| pounds(pence))
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    notice: Option<&'static str>,
    form: FormState<SupportField>,
) -> Result<SupportsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let needed = supports::needed_on(&mut conn, &session.code).await?;
    let kept = supports::of_session(&mut conn, &session.code).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(SupportsPage { chrome, session, notice, lines: lines(kept, needed), form })
}

#[get("/office/sessions/<code>/supports?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<SupportsPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let notice = (done == Some("saved")).then_some("Saved.");
    Ok(Page::ok(page(desk, &who, session, notice, FormState::default()).await?))
}

#[post("/office/sessions/<code>/supports", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<SupportsPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::sent(&fields);
    if let Some(new) = arranged(&mut form, true) {
        match keep_support(&desk.ctx, &who.member.login, (&code, Which::New), new).await {
            Ok(()) => {
                let list = paths::desk::session_supports(&code);
                return Ok(Either::Left(Redirect::to(list.done("saved"))));
            }
            Err(SupportError::Store(error)) => return Err(error.into()),
            Err(SupportError::NoSuchSupport) => return Err(Failure::NotFound),
            Err(SupportError::NoTitle) => form.fault(SupportField::Title, "Enter what it is"),
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, session, None, form).await?)))
}
