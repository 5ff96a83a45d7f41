//! Saying that a session takes place with fewer people than it needs.

use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::sessions::go_ahead::{GoAheadError, go_ahead},
    domain::id::SessionCode,
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![decide]
}

#[post("/office/sessions/<code>/go-ahead", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<PlanSessions>,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let goes = !fields.is("act", "again");
    let done = match go_ahead(&desk.ctx, &who.actor(), &code, goes).await {
        Ok(()) if goes => "goes-ahead",
        Ok(()) => "saved",
        Err(GoAheadError::NoSuchSession) => return Err(Failure::NotFound),
        Err(GoAheadError::NothingToDecide) => "nothing-to-decide",
        Err(GoAheadError::Store(error)) => return Err(error.into()),
    };
    Ok(Redirect::to(paths::office::session(&code).done(done)))
}
