//! What people said about a session.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{feedback::Results, id::SessionCode, session::Session, wording},
    store::{feedback, sessions},
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
#[template(path = "office/feedback.html")]
struct FeedbackPage {
    chrome: Chrome,
    session: Session,
    results: Results,
}

impl FeedbackPage {
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
fn table(results: &Results) -> Table {
    let number = |count: usize| Cell::Number(i64::try_from(count).unwrap_or(0));
    let useful = (1..=5).zip(results.useful);
    let useful = useful.map(|(at, count)| (format!("How useful: {at}"), count));
    let recommend = ["yes", "maybe", "no"].into_iter().zip(results.recommend);
    let recommend = recommend.map(|(word, count)| (format!("Would recommend: {word}"), count));
    let mut rows: Vec<Vec<Cell>> =
        useful.chain(recommend).map(|(words, count)| vec![words.into(), number(count)]).collect();
    let changes = results.changes.iter();
    rows.extend(changes.map(|text| vec!["What to change".into(), text.as_str().into()]));
    Table { name: "Feedback", heads: ["Question", "Answer"].map(str::to_owned).to_vec(), rows }
}

async fn results(
    desk: &Desk,
    who: &Granted<WatchSessions>,
    code: &SessionCode,
) -> Result<(Session, Results), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let answers = feedback::of_session(&mut conn, code).await?;
    Ok((session, Results::of(&answers)))
}

#[get("/office/sessions/<code>/feedback")]
async fn show(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
) -> Result<Page<FeedbackPage>, Failure> {
    let (session, results) = results(desk, &who, &code).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(FeedbackPage { chrome, session, results }))
}

#[get("/office/sessions/<code>/feedback.csv")]
async fn csv(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
) -> Result<Download, Failure> {
    let (_, results) = results(desk, &who, &code).await?;
    Download::csv(&format!("feedback-{code}"), to_csv(&table(&results)))
}
