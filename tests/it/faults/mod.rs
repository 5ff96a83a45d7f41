//! What breaks in a machine room, and that it heals by itself: bounded in time, without a restart, and
//! never said to be well while it is not.

mod commit;
mod disk;
mod mail;
mod postgres;
mod read_only;
mod shutdown;

use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};

/// Books one place over the API; the status, and the body.
async fn book(client: &Client, session: &str, who: &str) -> (Status, Value) {
    let email = format!("{}@example.org", who.replace(' ', "."));
    let body = json!({"leader": {"name": who, "email": email}, "places": [{}]});
    let path = format!("/api/v1/sessions/{session}/registrations");
    let request = client.post(path).header(ContentType::JSON);
    let answer = request.body(body.to_string()).dispatch().await;
    let status = answer.status();
    assert_eq!(status.code == 503, answer.headers().contains("Retry-After"));
    (status, answer.into_json().await.unwrap_or_default())
}

async fn asked(client: &Client, path: &str) -> (Status, String) {
    let answer = client.get(path.to_owned()).dispatch().await;
    (answer.status(), answer.into_string().await.unwrap_or_default())
}
