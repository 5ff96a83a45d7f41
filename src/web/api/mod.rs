//! The API, version 1: sessions to read, registrations to make. Stable: fields are added, never
//! renamed. Errors are problem details (RFC 9457); `openapi.json` describes it all.

mod answers;
pub mod problem;
mod registrations;
mod request;
mod series;
mod sessions;

use rocket::{Catcher, Route, get, http::ContentType, routes};

/// The document that describes the API (OpenAPI 3.1).
pub const OPENAPI: &str = include_str!("openapi.json");

#[get("/openapi.json")]
fn openapi() -> (ContentType, &'static str) {
    (ContentType::JSON, OPENAPI)
}

/// The API's routes, below `/api/v1`.
pub fn routes() -> Vec<Route> {
    let own = routes![openapi, problem::explained];
    [own, sessions::routes(), registrations::routes(), series::routes()].concat()
}

/// Problem details for whatever goes wrong below `/api`.
pub fn catchers() -> Vec<Catcher> {
    problem::catchers()
}
