//! What people thought of a session.

use rocket::{Route, State, get, routes};

use crate::{
    domain::{feedback::Results, id::SessionCode, session::Session},
    store::{feedback, sessions},
    web::{
        Desk,
        download::Download,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::feedback::{FeedbackPage, table},
        page::{Area, Page},
        spreadsheet::to_csv,
    },
};

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

pub fn routes() -> Vec<Route> {
    routes![show, csv]
}
