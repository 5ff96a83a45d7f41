//! Who on a session has not answered what they must, and asking them.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::questions::ask_missing::{AskMissingError, Silent, ask_missing, can_answer, silent},
    domain::{id::SessionCode, session::Session, text::Name, wording},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, ask]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/questions/unanswered.html")]
struct UnansweredPage {
    chrome: Chrome,
    session: Session,
    notice: Option<String>,
    /// Why nobody was asked.
    fault: Option<String>,
    /// Each with why she cannot be asked now, if she cannot.
    silent: Vec<(Silent, Option<String>)>,
    /// How many can be asked now.
    to_ask: usize,
    /// Whether anything can still be answered.
    is_open: bool,
}

impl UnansweredPage {
    fn people(&self) -> String {
        wording::count(self.to_ask, "person", "people")
    }

    fn missing(&self, one: &Silent) -> String {
        wording::count(one.missing, "answer", "answers")
    }

    fn others(&self, one: &Silent) -> String {
        let others = one.others.iter().map(Name::as_str);
        wording::list(&others.collect::<Vec<_>>())
    }

    fn asked(&self, one: &Silent) -> Option<String> {
        one.asked_at.map(|at| wording::moment(at, self.session.zone()))
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    (done, fault): (Option<&str>, Option<String>),
) -> Result<UnansweredPage, Failure> {
    let now = desk.ctx.now();
    let all = silent(&mut desk.ctx.store.read().await?, &session).await?;
    let to_ask = all.iter().filter(|one| one.can_ask(now)).count();
    let why = |one: &Silent| {
        let why = match (&one.email, one.is_stopped) {
            _ if one.can_ask(now) => return None,
            (None, _) => "No email address: ring them",
            (_, true) => "Wants no messages: ring them",
            _ => "Asked within a day",
        };
        Some(why.to_owned())
    };
    let asked = done.and_then(|done| done.strip_prefix("asked-")?.parse::<usize>().ok());
    let notice = asked.map(|count| {
        let people = wording::count(count, "person is", "people are");
        format!("{people} asked. Each has a letter with a link to the questions.")
    });
    Ok(UnansweredPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        is_open: can_answer(&session, now),
        silent: all.into_iter().map(|one| (why(&one), one)).map(|(why, one)| (one, why)).collect(),
        session,
        notice,
        fault,
        to_ask,
    })
}

#[get("/office/sessions/<code>/unanswered?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<UnansweredPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    Ok(Page::ok(page(desk, &who, session, (done, None)).await?))
}

#[post("/office/sessions/<code>/unanswered")]
async fn ask(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
) -> Result<Either<Redirect, Page<UnansweredPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    match ask_missing(&desk.ctx, &who.actor(), &code).await {
        Ok(count) => {
            let list = paths::desk::session_unanswered(&code);
            Ok(Either::Left(Redirect::to(list.done(format_args!("asked-{count}")))))
        }
        Err(AskMissingError::Store(error)) => Err(error.into()),
        Err(AskMissingError::NoSuchSession) => Err(Failure::NotFound),
        Err(refused @ (AskMissingError::TooLate | AskMissingError::Nobody)) => {
            let fault = crate::web::words::in_words(&refused.to_string());
            let page = page(desk, &who, session, (None, Some(fault))).await?;
            Ok(Either::Right(Page::unprocessable(page)))
        }
    }
}
