//! What the session asks, under the leader's link: of the booking, and of each person she named. Whoever has a
//! link of their own may answer there instead.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::questions::answer::answer_questions,
    domain::{
        audit::Actor, place::PlaceStatus, question::Question, registration::Registration,
        session::Session,
    },
    store::{
        answers::{self, Sheet},
        questions,
    },
    token::Token,
    web::{
        Desk,
        asking::{self, Asking, Strict, Whom},
        failure::Failure,
        forms::Fields,
        guard::SameOrigin,
        leader::{
            opened::booked,
            words::{accepts_changes, when},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, answer]
}

#[derive(Template)]
#[template(path = "leader/questions.html")]
struct LeaderQuestionsPage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    asking: Asking,
    /// Whether she has just joined the waiting list, or asked for places.
    has_joined: bool,
    can_change: bool,
    token: Token,
}

impl LeaderQuestionsPage {
    fn when(&self) -> String {
        when(&self.session)
    }

    /// What stands under the heading of whoever has just joined.
    fn joined(&self) -> &'static str {
        match self.registration.places_in(PlaceStatus::Waiting).next().is_some() {
            true => "You are on the waiting list. ",
            false => "Your booking is with us. ",
        }
    }
}

/// What is asked of her, and what was answered.
async fn known(
    desk: &Desk,
    session: &Session,
    registration: &Registration,
) -> Result<(Vec<Question>, Sheet), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let asked = questions::asked(&mut conn, session).await?;
    Ok((asked, answers::given(&mut conn, registration.id).await?))
}

fn page(
    desk: &Desk,
    (session, registration): (Session, Registration),
    asking: Asking,
    token: Token,
    done: Option<&str>,
) -> LeaderQuestionsPage {
    LeaderQuestionsPage {
        chrome: desk.private_chrome(Area::Booking),
        can_change: accepts_changes(&session, desk.ctx.now()),
        session,
        registration,
        asking,
        has_joined: done == Some("joined"),
        token,
    }
}

#[get("/r/<token>/questions?<done>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<LeaderQuestionsPage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let (asked, sheet) = known(desk, &session, &registration).await?;
    let asking = asking::filled(&asked, &sheet, &Whom::all(&registration));
    Ok(Page::ok(page(desk, (session, registration), asking, token, done)))
}

#[post("/r/<token>/questions", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<LeaderQuestionsPage>>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let (asked, sheet) = known(desk, &session, &registration).await?;
    let whom = Whom::all(&registration);
    let (asking, answers) = asking::merged(&asked, &fields, (&sheet, &whom), Strict::WhereBegun);
    if !asking.is_valid() {
        let status = asking.status();
        let template = page(desk, (session, registration), asking, token, None);
        return Ok(Err(Page { status, template }));
    }
    let back = paths::leader::booking(&token);
    match answer_questions(&desk.ctx, &Actor::Leader, registration.id, &answers).await {
        Ok(()) => Ok(Ok(Redirect::to(back.done("answered")))),
        Err(error) => Err(Failure::from(error).leads(back, "Back to your booking")),
    }
}
