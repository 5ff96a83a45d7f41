//! Between steps 2 and 3, where a session asks more: its questions, of the booking and of each person who is
//! named. What is typed is kept beside the names, whatever comes of the form.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    draft::Draft,
    steps::Steps,
    typing::{Typing, onward, typing, until_words},
};
use crate::{
    actions::questions::answer::answer_questions,
    domain::{
        audit::Actor,
        id::{QuestionCode, SessionCode},
        question::Question,
        registration::Registration,
        session::Session,
        wording,
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
        leader::opened::opened_by,
        next::Next,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, answer]
}

#[derive(Debug, Template)]
#[template(path = "booking/questions.html")]
struct BookingQuestions {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// Until when the places are held.
    until_words: String,
    questions_href: Href,
    asking: Asking,
}

/// Whom the form asks, and what was typed or kept for each: what was typed last comes first.
async fn typed(desk: &Desk, step: &Typing, draft: &Draft) -> Result<(Vec<Whom>, Sheet), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let sheet = answers::given(&mut conn, step.registration.id).await?;
    drop(conn);
    Ok((Whom::all(&step.registration), draft.over(sheet, &step.questions, &step.registration)))
}

fn page(desk: &Desk, step: Typing, asking: Asking, questions_href: Href) -> BookingQuestions {
    BookingQuestions {
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        questions_href,
        asking,
    }
}

/// Where somebody goes who has nothing to answer here: on, or back.
fn elsewhere(step: &Typing, steps: &Steps, token: &Token, questions: &[Question]) -> Option<Href> {
    if step.registration.booked_at.is_some() {
        return Some(paths::leader::booked(token));
    }
    if step.has_ended {
        return Some(steps.people.clone());
    }
    questions.is_empty().then(|| steps.check.clone())
}

#[get("/sessions/<code>/register/<token>/questions")]
async fn show(
    desk: &State<Desk>,
    code: SessionCode,
    token: Token,
) -> Result<Next<BookingQuestions>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    if let Some(to) = elsewhere(&step, &steps, &token, &step.questions) {
        return Ok(Next::Go(Box::new(Redirect::to(to))));
    }
    let draft = Draft::of(desk, step.registration.id).await?;
    let (whom, sheet) = typed(desk, &step, &draft).await?;
    let asking = asking::filled(&step.questions, &sheet, &whom);
    if asking.is_empty() {
        return Ok(Next::Go(Box::new(Redirect::to(steps.check))));
    }
    Ok(Next::Show(Box::new(Page::ok(page(desk, step, asking, steps.questions)))))
}

#[post("/sessions/<code>/register/<token>/questions", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    code: SessionCode,
    token: Token,
    fields: Fields,
) -> Result<Next<BookingQuestions>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    let whom = Whom::all(&step.registration);
    let id = step.registration.id;
    if step.registration.booked_at.is_none() {
        let mut draft = Draft::of(desk, id).await?;
        draft.take_answers(&fields, &step.questions, &whom);
        draft.keep(desk, id).await?;
    }
    if let Some(to) = elsewhere(&step, &steps, &token, &step.questions) {
        return Ok(Next::Go(Box::new(Redirect::to(to))));
    }
    if fields.is("action", "back") {
        return Ok(Next::Go(Box::new(Redirect::to(steps.people))));
    }
    let said = |code: &_, number| asking::typed(&fields, code, number);
    let of = (&Sheet::default(), whom.as_slice());
    let (asking, answers) = asking::read(&step.questions, said, of, Strict::All);
    if !asking.is_valid() {
        let page = page(desk, step, asking, steps.questions);
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    }
    match answer_questions(&desk.ctx, &Actor::Leader, id, &answers).await {
        Ok(()) => Ok(Next::Go(Box::new(Redirect::to(steps.check)))),
        Err(error) => Err(onward(Failure::from(error), desk, (&step.session, Some(&token)))),
    }
}

/// Answers the questions of another hold with what was typed on the one before, as far as it can be kept; what the
/// session asks.
pub async fn save_typed(
    desk: &Desk,
    draft: &Draft,
    token: &Token,
) -> Result<Vec<Question>, Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    let asked = questions::asked(&mut desk.ctx.store.read().await?, &session).await?;
    let sheet = draft.over(Sheet::default(), &asked, &registration);
    let whom = Whom::all(&registration);
    let said = |code: &QuestionCode, number: Option<u32>| {
        let one = whom.iter().find(|one| one.number == number);
        let given = one.map_or(&[][..], |one| sheet.of(one.place));
        let found = given.iter().find(|given| given.question == *code);
        found.map_or_else(String::new, |given| given.value.clone())
    };
    let (_, answers) = asking::read(&asked, said, (&sheet, &whom), Strict::Nothing);
    if !asked.is_empty() {
        answer_questions(&desk.ctx, &Actor::Leader, registration.id, &answers).await?;
    }
    Ok(asked)
}
