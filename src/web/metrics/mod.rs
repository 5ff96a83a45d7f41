//! `GET /metrics`: numbers for a machine that watches, as Prometheus reads them. Routes by their
//! pattern, never by what was asked for; nothing about anybody.

mod access;
mod figures;
mod requests;

use std::{sync::Arc, time::Duration};

use rocket::{
    Build, Request, Rocket, State,
    fairing::{self, Fairing, Info, Kind},
    get,
    http::{ContentType, Header, Status},
    request::{FromRequest, Outcome},
    routes,
};

use crate::{actions::work_done::WorkDone, web::Desk};
use requests::Counted;

pub use access::{Access, UnknownAccess};

/// How often what was measured is added up, whether or not anybody asks.
const ADD_UP: Duration = Duration::from_secs(10);

/// The measuring, attached where somebody may ask.
pub struct Metrics {
    watched: Arc<Watched>,
}

/// What the page is made of.
struct Watched {
    access: Access,
    counted: Counted,
    work: Arc<WorkDone>,
}

impl Metrics {
    /// Measures for whoever `access` lets in; `None` when that is nobody.
    pub fn new(access: Access, work: Arc<WorkDone>) -> Option<Self> {
        if access == Access::Nobody {
            return None;
        }
        let counted = Counted::default();
        Some(Self { watched: Arc::new(Watched { access, counted, work }) })
    }
}

#[rocket::async_trait]
impl Fairing for Metrics {
    fn info(&self) -> Info {
        let kind = Kind::Ignite | Kind::Liftoff | Kind::Request | Kind::Response;
        Info { name: "metrics", kind }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        Ok(rocket.manage(Arc::clone(&self.watched)).mount("/", routes![show]))
    }

    async fn on_liftoff(&self, _: &Rocket<rocket::Orbit>) {
        let watched = Arc::clone(&self.watched);
        tokio::spawn(async move {
            let mut beat = tokio::time::interval(ADD_UP);
            loop {
                beat.tick().await;
                watched.counted.add_up();
            }
        });
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut rocket::Data<'_>) {
        requests::begin(request);
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut rocket::Response<'r>) {
        self.watched.counted.end(request, response.status());
    }
}

/// Whoever asks may know.
struct Watcher;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Watcher {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let watched = request.rocket().state::<Arc<Watched>>();
        match watched {
            Some(watched) if watched.access.admits(request) => Outcome::Success(Self),
            // Nobody else learns that there is such a page.
            _ => Outcome::Error((Status::NotFound, ())),
        }
    }
}

#[derive(rocket::Responder)]
struct Text {
    text: String,
    kind: ContentType,
    kept: Header<'static>,
}

#[get("/metrics")]
async fn show(_watcher: Watcher, desk: &State<Desk>, watched: &State<Arc<Watched>>) -> Text {
    let mut text = watched.counted.text();
    text += &figures::text(&desk.ctx, &watched.work).await;
    let kind = ContentType::new("text", "plain").with_params([("version", "0.0.4")]);
    Text { text, kind, kept: Header::new("Cache-Control", "no-store") }
}
