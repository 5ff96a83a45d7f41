//! What the session asks of whoever has a place: her own answers, never those of the team.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::questions::answer::answer_questions,
    domain::{audit::Actor, session::Session},
    store::{answers, questions},
    token::Token,
    web::{
        Desk,
        asking::{self, Asking, Strict, Whom},
        attendee::opened::{Opened, opened},
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        leader::words::{accepts_changes, when},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, answer]
}

#[derive(Template)]
#[template(path = "attendee/questions.html")]
struct OwnQuestionsPage {
    chrome: Chrome,
    session: Session,
    asking: Asking,
    can_change: bool,
    token: Token,
}

impl OwnQuestionsPage {
    fn when(&self) -> String {
        when(&self.session)
    }
}

fn page(desk: &Desk, opened: Opened, asking: Asking, token: Token) -> OwnQuestionsPage {
    let is_open = opened.place.state.status().is_open();
    OwnQuestionsPage {
        chrome: desk.private_chrome(Area::Booking),
        can_change: is_open && accepts_changes(&opened.session, desk.ctx.now()),
        session: opened.session,
        asking,
        token,
    }
}

#[get("/p/<token>/questions")]
async fn show(desk: &State<Desk>, token: Token) -> Result<Page<OwnQuestionsPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let whom = Whom::person(&opened.place).ok_or(Failure::NotFound)?;
    let mut conn = desk.ctx.store.read().await?;
    let asked = questions::asked(&mut conn, &opened.session).await?;
    let sheet = answers::given(&mut conn, opened.registration.id).await?;
    drop(conn);
    let asking = asking::filled(&asked, &sheet, &[whom]);
    Ok(Page::ok(page(desk, opened, asking, token)))
}

#[post("/p/<token>/questions", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<OwnQuestionsPage>>, Failure> {
    let opened = opened(desk, &token).await?;
    let back = paths::attendee::place(&token);
    let whom = [Whom::person(&opened.place).ok_or(Failure::NotFound)?];
    let mut conn = desk.ctx.store.read().await?;
    let asked = questions::asked(&mut conn, &opened.session).await?;
    let sheet = answers::given(&mut conn, opened.registration.id).await?;
    drop(conn);
    let of = (&sheet, whom.as_slice());
    let (asking, answers) = asking::merged(&asked, &fields, of, Strict::All);
    if !asking.is_valid() {
        let status = asking.status();
        let template = page(desk, opened, asking, token);
        return Ok(Err(Page { status, template }));
    }
    let id = opened.registration.id;
    match answer_questions(&desk.ctx, &Actor::Attendee, id, &answers).await {
        Ok(()) => Ok(Ok(Redirect::to(back.done("saved")))),
        Err(error) => Err(Failure::from(error).leads(back, "Back to your place")),
    }
}
