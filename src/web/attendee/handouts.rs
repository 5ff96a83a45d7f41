//! The papers of a session, for whoever has a place on it.

use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    actions::handouts::read_handout::readable,
    domain::id::HandoutId,
    token::Token,
    web::{Desk, attendee::opened::opened, download::Download, failure::Failure, handed_out::open},
};

#[get("/p/<token>/handouts/<id>")]
async fn read(
    desk: &State<Desk>,
    token: Token,
    id: HandoutId,
) -> Result<Either<Download, Redirect>, Failure> {
    let opened = opened(desk, &token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let all = readable(&mut conn, &opened.session, &[&opened.place]).await?;
    open(&mut conn, &all, id).await
}

pub fn routes() -> Vec<Route> {
    routes![read]
}
