//! What people said about a session.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        feedback::Results,
        feedback_question::FeedbackAnswers,
        id::SessionCode,
        permission::{Permission, allows},
        session::Session,
        wording,
    },
    store::{feedback, feedback_questions, sessions},
    web::{
        Desk,
        download::Download,
        failure::Failure,
        guard::{Granted, WatchSessions},
        page::{Area, Chrome, Page},
        paths,
        spreadsheet::{Cell, Table, to_csv},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, csv]
}

/// The answers of a session, counted.
#[derive(Template)]
#[template(path = "office/feedback/of_session.html")]
struct FeedbackPage {
    chrome: Chrome,
    session: Session,
    results: Results,
    /// What was answered to the organiser's own questions.
    own: Vec<FeedbackAnswers>,
    can_plan: bool,
}

impl FeedbackPage {
    /// Each answer to one of them that can be counted, with how much of a bar of 200 that is.
    fn counts(&self, one: &FeedbackAnswers) -> Vec<(String, usize, usize)> {
        let all = one.people().max(1);
        one.counts.iter().map(|(name, count)| (name.clone(), *count, count * 200 / all)).collect()
    }

    fn people(&self) -> String {
        wording::count(self.results.count(), "person", "people")
    }

    fn mean(&self) -> String {
        let tenths = self.results.mean_tenths().unwrap_or(0);
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// Each answer of the first question with how many gave it and how much of a bar of 200 that
    /// is, most useful first.
    fn useful(&self) -> Vec<(String, usize, usize)> {
        let all = self.results.count().max(1);
        let counts = (1..6usize).zip(self.results.useful).rev();
        counts.map(|(number, count)| (number.to_string(), count, count * 200 / all)).collect()
    }

    fn recommend(&self) -> Vec<(String, usize, usize)> {
        let all = self.results.count().max(1);
        let counts = ["Yes", "Maybe", "No"].into_iter().zip(self.results.recommend);
        counts.map(|(word, count)| (word.to_owned(), count, count * 200 / all)).collect()
    }
}

/// The same as a table for a spreadsheet.
fn table(results: &Results, own: &[FeedbackAnswers]) -> Table {
    let number = |count: usize| Cell::Number(i64::try_from(count).unwrap_or(0));
    let useful = (1..=5).zip(results.useful);
    let useful = useful.map(|(at, count)| (format!("How useful: {at}"), count));
    let recommend = ["yes", "maybe", "no"].into_iter().zip(results.recommend);
    let recommend = recommend.map(|(word, count)| (format!("Would recommend: {word}"), count));
    let mut rows: Vec<Vec<Cell>> =
        useful.chain(recommend).map(|(words, count)| vec![words.into(), number(count)]).collect();
    let changes = results.changes.iter();
    rows.extend(changes.map(|text| vec!["What to change".into(), text.as_str().into()]));
    for one in own {
        let wording = one.question.wording.as_str();
        let counted = one.counts.iter();
        rows.extend(
            counted.map(|(name, count)| vec![format!("{wording}: {name}").into(), number(*count)]),
        );
        rows.extend(one.words.iter().map(|text| vec![wording.into(), text.as_str().into()]));
    }
    Table { name: "Feedback", heads: ["Question", "Answer"].map(str::to_owned).to_vec(), rows }
}

async fn results(
    desk: &Desk,
    who: &Granted<WatchSessions>,
    code: &SessionCode,
) -> Result<(Session, Results, Vec<FeedbackAnswers>), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let answers = feedback::of_session(&mut conn, code).await?;
    let questions = feedback_questions::on_session(&mut conn, code).await?;
    let own = feedback_questions::of_everybody(&mut conn, code).await?;
    Ok((session, Results::of(&answers), FeedbackAnswers::all(questions, own)))
}

#[get("/office/sessions/<code>/feedback")]
async fn show(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
) -> Result<Page<FeedbackPage>, Failure> {
    let (session, results, own) = results(desk, &who, &code).await?;
    let can_plan = allows(&who.member, Permission::PlanSessions, &session);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(FeedbackPage { chrome, session, results, own, can_plan }))
}

#[get("/office/sessions/<code>/feedback.csv")]
async fn csv(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
) -> Result<Download, Failure> {
    let (_, results, own) = results(desk, &who, &code).await?;
    Download::csv(&format!("feedback-{code}"), to_csv(&table(&results, &own)))
}
