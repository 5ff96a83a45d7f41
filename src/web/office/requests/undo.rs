//! Taking answers to requests back, while their letters wait.

use rocket::{Route, State, post, response::Redirect, routes};
use uuid::Uuid;

use crate::{
    actions::waiting::take_back_answers::{TakeBackError, take_back_answers},
    domain::id::SessionCode,
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::{DecideRequests, Granted, SameOrigin},
        office::addressed::session_for,
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![undo]
}

#[post("/office/sessions/<code>/requests/undo", data = "<fields>")]
async fn undo(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<DecideRequests>,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let list = paths::office::session_requests(&code);
    let batch = fields.get("answer").parse::<Uuid>();
    let Ok(batch) = batch else { return Ok(Redirect::to(list.done("too-late"))) };
    match take_back_answers(&desk.ctx, &who.actor(), &code, batch).await {
        Ok(taken) => {
            let done = format!("undone-{}-{}", taken.bookings, taken.left);
            Ok(Redirect::to(list.done(done)))
        }
        Err(TakeBackError::TooLate) => Ok(Redirect::to(list.done("too-late"))),
        Err(error @ TakeBackError::Store(_)) => {
            Err(Failure::from(error).leads(list, "Back to the requests"))
        }
    }
}
