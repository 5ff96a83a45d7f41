//! What is asked afterwards beside the three questions: of one session, or of every session of a course.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::ask_afterwards::{AskAfterwardsError, ask_afterwards, ask_no_more},
    domain::{
        feedback_question::{FeedbackKind, FeedbackQuestion, MOST},
        handout::HandedOut,
        id::{CourseSlug, FeedbackQuestionId, SessionCode},
        wording,
    },
    store::{catalogue, feedback_questions, sessions},
    token::row_id,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![of_session, ask_session, of_course, ask_course, ask_end, end]
}

type Who = Granted<PlanSessions>;

form_fields! {
    enum Field {
        Wording = "wording",
        Kind = "kind",
        Options = "options",
    }
}

/// The kinds with what a page calls them.
const KINDS: [(FeedbackKind, &str); 4] = [
    (FeedbackKind::Scale, "1 to 5"),
    (FeedbackKind::YesNo, "Yes or no"),
    (FeedbackKind::Choice, "One of several answers"),
    (FeedbackKind::Words, "Words of their own"),
];

#[derive(Template)]
#[template(path = "office/feedback/questions.html")]
struct QuestionsPage {
    chrome: Chrome,
    notice: Option<&'static str>,
    /// What it is asked of: the course, with the days of a session.
    about: String,
    back: Href,
    action: Href,
    own: Vec<FeedbackQuestion>,
    /// Those of the course, where it is a session's page.
    shared: Vec<FeedbackQuestion>,
    form: FormState<Field>,
    /// The one that is asked about.
    asked: Option<FeedbackQuestion>,
}

impl QuestionsPage {
    fn kinds(&self) -> [(&'static str, &'static str); 4] {
        KINDS.map(|(kind, name)| (kind.as_str(), name))
    }

    fn kind(&self, question: &FeedbackQuestion) -> String {
        let known = KINDS.iter().find(|one| one.0 == question.kind).map_or("", |one| one.1);
        match question.kind {
            FeedbackKind::Choice => format!("{known}: {}", question.options.join(", ")),
            _ => known.to_owned(),
        }
    }

    fn most(&self) -> usize {
        MOST
    }
}

/// Its page, for whoever plans the session, or every session of the course.
async fn page(
    desk: &Desk,
    who: &Who,
    of: &HandedOut,
    form: FormState<Field>,
) -> Result<QuestionsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (about, back, action, shared) = match of {
        HandedOut::Session(code) => {
            let session = session_for(&mut conn, who, code).await?;
            let about = format!("{}, {}", session.course.title, wording::days(&session));
            let course = HandedOut::Course(session.course.slug.clone());
            let shared = feedback_questions::of(&mut conn, &course).await?;
            (about, paths::office::session(code), paths::feedback::of_session(code), shared)
        }
        HandedOut::Course(_) if !who.reaches_everything() => return Err(Failure::Forbidden),
        HandedOut::Course(slug) => {
            let all = catalogue::courses(&mut conn).await?;
            let course = all.into_iter().find(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
            let (back, action) = (paths::office::course(slug), paths::feedback::of_course(slug));
            (course.title, back, action, Vec::new())
        }
    };
    let asked = |mut all: Vec<FeedbackQuestion>| {
        all.retain(|one| !one.is_ended);
        all
    };
    let own = asked(feedback_questions::of(&mut conn, of).await?);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let shared = asked(shared);
    let (notice, asked) = (None, None);
    Ok(QuestionsPage { chrome, notice, about, back, action, own, shared, form, asked })
}

fn empty(desk: &Desk) -> FormState<Field> {
    let mut form = FormState::default();
    form.fill(Field::Kind, FeedbackKind::Scale.as_str());
    form.attempt_as(desk.attempt());
    form
}

async fn show(
    desk: &Desk,
    who: &Who,
    of: HandedOut,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    let notice = match done {
        Some("asked") => Some("It is asked from now on."),
        Some("ended") => Some("It is not asked any more. What was answered stays."),
        _ => None,
    };
    let page = page(desk, who, &of, empty(desk)).await?;
    Ok(Page::ok(QuestionsPage { notice, ..page }))
}

async fn ask(
    desk: &Desk,
    who: &Who,
    of: HandedOut,
    fields: Fields,
) -> Result<Either<Redirect, Page<QuestionsPage>>, Failure> {
    // Whoever may not, and what is gone, is found out first.
    let action = page(desk, who, &of, FormState::default()).await?.action;
    let mut form = FormState::sent(&fields);
    let wording = form.line::<200>(Field::Wording, "the question");
    let kind: Option<FeedbackKind> = form.choice(Field::Kind, "Choose how it is answered");
    let options = kind.map(|kind| FeedbackQuestion::options(kind, form.value(Field::Options)));
    if let Some(Err(fault)) = &options {
        form.fault(Field::Options, in_words(&fault.to_string()));
    }
    if let (Some(wording), Some(kind), Some(Ok(options))) = (wording, kind, options) {
        let id = FeedbackQuestionId::new(row_id(&*desk.ctx.random, &*desk.ctx.clock));
        let of = of.clone();
        let question = FeedbackQuestion { id, of, kind, wording, options, is_ended: false };
        let attempt = fields.attempt();
        match ask_afterwards(&desk.ctx, &who.actor(), &question, attempt.as_ref()).await {
            Ok(_) => return Ok(Either::Left(Redirect::to(action.done("asked")))),
            Err(AskAfterwardsError::Store(error)) => return Err(error.into()),
            Err(refused @ AskAfterwardsError::TooMany) => {
                form.fault(Field::Wording, in_words(&refused.to_string()));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, who, &of, form).await?)))
}

#[get("/office/sessions/<code>/feedback-questions?<done>")]
async fn of_session(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    show(desk, &who, HandedOut::Session(code), done).await
}

#[post("/office/sessions/<code>/feedback-questions", data = "<fields>")]
async fn ask_session(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<QuestionsPage>>, Failure> {
    ask(desk, &who, HandedOut::Session(code), fields).await
}

#[get("/office/courses/<slug>/feedback-questions?<done>")]
async fn of_course(
    desk: &State<Desk>,
    who: Who,
    slug: CourseSlug,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    show(desk, &who, HandedOut::Course(slug), done).await
}

#[post("/office/courses/<slug>/feedback-questions", data = "<fields>")]
async fn ask_course(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: CourseSlug,
    fields: Fields,
) -> Result<Either<Redirect, Page<QuestionsPage>>, Failure> {
    ask(desk, &who, HandedOut::Course(slug), fields).await
}

/// The one in an address, for whoever may end it.
async fn found(
    desk: &Desk,
    who: &Who,
    id: FeedbackQuestionId,
) -> Result<FeedbackQuestion, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let one = feedback_questions::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    match &one.of {
        HandedOut::Session(code) => {
            let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
            who.on(&session)?;
        }
        HandedOut::Course(_) if who.reaches_everything() => {}
        HandedOut::Course(_) => return Err(Failure::Forbidden),
    }
    Ok(one)
}

#[get("/office/feedback/questions/<id>/end")]
async fn ask_end(
    desk: &State<Desk>,
    who: Who,
    id: FeedbackQuestionId,
) -> Result<Page<QuestionsPage>, Failure> {
    let one = found(desk, &who, id).await?;
    let page = page(desk, &who, &one.of, empty(desk)).await?;
    Ok(Page::ok(QuestionsPage { asked: Some(one), ..page }))
}

#[post("/office/feedback/questions/<id>/end")]
async fn end(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: FeedbackQuestionId,
) -> Result<Redirect, Failure> {
    let one = found(desk, &who, id).await?;
    ask_no_more(&desk.ctx, &who.actor(), &one).await?;
    let back = match &one.of {
        HandedOut::Session(code) => paths::feedback::of_session(code),
        HandedOut::Course(slug) => paths::feedback::of_course(slug),
    };
    Ok(Redirect::to(back.done("ended")))
}
