//! Three questions, and what the organiser asks beside them, after the last day.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::ask_feedback::{OPEN_FOR, give_feedback},
    domain::{
        feedback::{Feedback, Useful},
        feedback_question::{FeedbackAnswer, FeedbackKind, FeedbackQuestion},
        id::FeedbackQuestionId,
        session::Session,
        text::Paragraph,
        wording,
    },
    store::{feedback, feedback_questions},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, name, opened},
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field {
        Useful = "useful",
        Recommend = "recommend",
        Change = "change",
    }
}

/// A question of the organiser's own, with what was answered.
struct Own {
    question: FeedbackQuestion,
    answer: String,
    /// What is wrong with the answer.
    fault: Option<&'static str>,
}

impl Own {
    /// The name of its field: `q-`, and which it is.
    fn field(&self) -> String {
        format!("q-{}", self.question.id)
    }

    fn is_words(&self) -> bool {
        self.question.kind == FeedbackKind::Words
    }

    fn is(&self, word: &str) -> bool {
        self.answer == word
    }
}

/// Those that are asked of a session now, as somebody answered them.
async fn own(desk: &Desk, opened: &Opened) -> Result<Vec<Own>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let asked = feedback_questions::on_session(&mut conn, &opened.session.code).await?;
    let given = feedback_questions::of_place(&mut conn, opened.place.id).await?;
    let answer = |question: &FeedbackQuestion| {
        let hers = given.iter().find(|(id, _)| *id == question.id);
        hers.map_or_else(String::new, |(_, answer)| match answer {
            FeedbackAnswer::Counted(value) => value.clone(),
            FeedbackAnswer::Words(words) => words.as_str().to_owned(),
        })
    };
    let asked = asked.into_iter().filter(|question| !question.is_ended);
    let own = asked.map(|question| Own { answer: answer(&question), question, fault: None });
    Ok(own.collect())
}

type OwnAnswer = (FeedbackQuestionId, Option<FeedbackAnswer>);

/// What was sent for them; what is wrong stands beside each.
fn read_own(own: &mut [Own], fields: &Fields) -> Vec<OwnAnswer> {
    let mut read = Vec::new();
    for one in own {
        let name = one.field();
        if !fields.was_sent(&name) && one.is_words() {
            continue;
        }
        one.answer = fields.get(&name).to_owned();
        match one.question.read(&one.answer) {
            Ok(answer) => read.push((one.question.id, answer)),
            Err(fault) => one.fault = Some(fault),
        }
    }
    read
}

/// The questions.
#[derive(Template)]
#[template(path = "attendee/feedback.html")]
struct FeedbackPage {
    chrome: Chrome,
    session: Session,
    /// Their private link.
    token: Token,
    form: FormState<Field>,
    own: Vec<Own>,
    /// Whether she has answered.
    thanks: bool,
    /// Whether she can answer now.
    is_open: bool,
    /// Whether the time to answer is over.
    is_over: bool,
    /// Until when she can.
    until: String,
}

impl FeedbackPage {
    fn usefulness(&self) -> [(&'static str, &'static str); 5] {
        [("5", "5: very useful"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1: not useful")]
    }

    fn answers(&self) -> [(&'static str, &'static str); 3] {
        [("yes", "Yes"), ("maybe", "Maybe"), ("no", "No")]
    }
}

fn feedback_page(
    desk: &Desk,
    token: &Token,
    opened: Opened,
    form: FormState<Field>,
    (own, thanks): (Vec<Own>, bool),
) -> FeedbackPage {
    let now = desk.ctx.now();
    let (ends, zone) = (opened.session.ends_at(), opened.session.zone());
    let closes = ends.map(|ends| ends + OPEN_FOR);
    FeedbackPage {
        chrome: desk.private_chrome(Area::Booking),
        token: token.clone(),
        form,
        own,
        thanks,
        is_open: ends.is_some_and(|ends| ends <= now) && closes.is_some_and(|at| now < at),
        is_over: closes.is_some_and(|at| at <= now),
        until: closes.map_or_else(String::new, |at| wording::deadline(at, zone)),
        session: opened.session,
    }
}

#[get("/p/<token>/feedback")]
async fn questions(desk: &State<Desk>, token: Token) -> Result<Page<FeedbackPage>, Failure> {
    let opened = opened(desk, &token).await?;
    name(&opened)?;
    let mut conn = desk.ctx.store.read().await?;
    let known = feedback::of_place(&mut conn, opened.place.id).await?;
    drop(conn);
    let mut form = FormState::default();
    if let Some(known) = &known {
        form.fill(Field::Useful, known.useful.number().to_string());
        form.fill(Field::Recommend, known.recommend.as_str());
        form.fill(Field::Change, known.change.as_ref().map_or("", Paragraph::as_str));
    }
    let own = own(desk, &opened).await?;
    Ok(Page::ok(feedback_page(desk, &token, opened, form, (own, known.is_some()))))
}

#[post("/p/<token>/feedback", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Either<Redirect, Page<FeedbackPage>>, Failure> {
    let opened = opened(desk, &token).await?;
    name(&opened)?;
    let mut form = FormState::sent(&fields);
    let useful = fields.of(Field::Useful).parse().ok().and_then(Useful::new);
    let useful =
        form.take(Field::Useful, useful.ok_or(()), |()| "Choose a number from 1 to 5".to_owned());
    let recommend = form.choice(Field::Recommend, "Choose yes, maybe or no");
    let change = Paragraph::parse_optional(fields.of(Field::Change));
    let change =
        form.take(Field::Change, change, |_| "Shorten it to 1,000 letters or fewer".to_owned());
    let place = opened.place.id;
    let mut own = own(desk, &opened).await?;
    let answers = read_own(&mut own, &fields);
    let is_right = own.iter().all(|one| one.fault.is_none());
    let page = feedback_page(desk, &token, opened, form, (own, false));
    let (Some(useful), Some(recommend), Some(change), true) =
        (useful, recommend, change, page.is_open && is_right)
    else {
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    give_feedback(&desk.ctx, place, &Feedback { useful, recommend, change }, &answers).await?;
    Ok(Either::Left(Redirect::to(paths::attendee::feedback(&token))))
}

pub fn routes() -> Vec<Route> {
    routes![questions, answer]
}
