//! The papers of a session, for whoever booked places on it.

use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    actions::handouts::read_handout::readable,
    domain::{id::HandoutId, place::Place},
    token::Token,
    web::{Desk, download::Download, failure::Failure, handed_out::open, leader::opened::booked},
};

#[get("/r/<token>/handouts/<id>")]
async fn read(
    desk: &State<Desk>,
    token: Token,
    id: HandoutId,
) -> Result<Either<Download, Redirect>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let places: Vec<&Place> = registration.places.iter().collect();
    let mut conn = desk.ctx.store.read().await?;
    let all = readable(&mut conn, &session, &places).await?;
    open(&mut conn, &all, id).await
}

pub fn routes() -> Vec<Route> {
    routes![read]
}
