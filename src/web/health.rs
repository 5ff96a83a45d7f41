//! Whether the program lives and can serve, for whatever watches it.

use std::sync::atomic::{AtomicU64, Ordering};

use rocket::{Route, State, get, http::Status, routes};
use tokio::sync::Mutex;

use crate::{
    actions::feel_pulse::{DatabaseAnswer, Found, PATIENCE, Pulse},
    token::row_id,
    web::Desk,
};

/// The database is not asked: a program that waits for it must not be replaced for that.
#[get("/health/live")]
fn live() -> &'static str {
    "live"
}

/// What was found last. Whoever asks while somebody looks waits for one look that begins later, so
/// that nobody is told what was so before, and a hundred who ask are two looks.
#[derive(Default)]
pub struct Looks {
    begun: AtomicU64,
    last: Mutex<Option<Last>>,
}

struct Last {
    number: u64,
    pulse: Pulse,
    found: Found,
}

impl Looks {
    async fn look(&self, desk: &Desk) -> Found {
        let before = self.begun.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(last) = last.as_ref().filter(|last| last.number > before) {
            return last.found;
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let pulse = last.as_ref().map(|last| last.pulse);
        let mut pulse =
            pulse.unwrap_or_else(|| Pulse::of(row_id(&*desk.ctx.random, &*desk.ctx.clock)));
        let found = pulse.feel(&desk.ctx).await;
        *last = Some(Last { number, pulse, found });
        found
    }
}

#[get("/health/ready")]
async fn ready(desk: &State<Desk>, looks: &State<Looks>) -> (Status, String) {
    let found = looks.look(desk).await;
    if found.is_well() {
        return (Status::Ok, "ready".to_owned());
    }
    let part = |answered, done: &str| match answered {
        DatabaseAnswer::Well => format!("it can be {done}"),
        DatabaseAnswer::Badly => format!("it cannot be {done}"),
        DatabaseAnswer::Late => format!("it could not be {done} in {} seconds", PATIENCE.as_secs()),
    };
    let (reads, writes) = (part(found.reads, "read"), part(found.writes, "written"));
    (Status::ServiceUnavailable, format!("not ready. The database: {reads}, {writes}."))
}

pub fn routes() -> Vec<Route> {
    routes![live, ready]
}
