//! Whether the program lives and can serve, for whatever watches it.

use rocket::{Route, State, get, http::Status, routes};

use crate::web::Desk;

#[get("/health/live")]
fn live() -> &'static str {
    "live"
}

#[get("/health/ready")]
async fn ready(desk: &State<Desk>) -> Result<&'static str, Status> {
    let readable = desk.ctx.store.read().await;
    readable.map(|_| "ready").map_err(|_| Status::ServiceUnavailable)
}

pub fn routes() -> Vec<Route> {
    routes![live, ready]
}
