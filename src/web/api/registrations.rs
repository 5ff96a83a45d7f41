//! Booking by a program: the same verb as the web.

use rocket::{
    Request, Response, Route, State,
    http::{ContentType, Header, Status},
    post,
    response::{self, Responder},
    routes,
};
use serde::Serialize;

use crate::{
    actions::{
        booking::{book_answered::book_answered, book_places::Booked},
        places::standing::standing,
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        place::{Place, PlaceStatus},
        question::Question,
        registration::Registration,
        session::Session,
    },
    store::{institutions, questions, sessions},
    web::{
        Desk,
        api::{
            problem::{FieldError, Problem},
            request::{IdempotencyKey, JsonBody, Sent},
        },
        guard::SameOrigin,
        limits::BookingPace,
        problem_kind::ProblemKind,
    },
};

/// What was booked.
#[derive(Serialize)]
pub(super) struct Made {
    reference: String,
    places: Vec<PlaceMade>,
    manage_url: String,
}

#[derive(Serialize)]
pub(super) struct PlaceMade {
    name: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
}

impl Made {
    fn of(booked: &Booked, position: Option<usize>, manage_url: String) -> Self {
        Self {
            reference: booked.registration.reference.to_string(),
            places: places(&booked.registration, position),
            manage_url,
        }
    }
}

/// What became of each place.
pub(super) fn places(registration: &Registration, position: Option<usize>) -> Vec<PlaceMade> {
    let place = |place: &Place| {
        let status = place.state.status();
        PlaceMade {
            name: place.attendee.as_ref().map(|attendee| attendee.name.to_string()),
            state: status.as_str(),
            position: position.filter(|_| status == PlaceStatus::Waiting),
        }
    };
    registration.places.iter().map(place).collect()
}

/// What was made, with a private link.
pub(super) struct Created<T>(pub(super) T);

impl<'r, T: Serialize> Responder<'r, 'static> for Created<T> {
    /// 201, never kept: the answer holds a private link.
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let body = serde_json::to_vec(&self.0).map_err(|_| Status::InternalServerError)?;
        Response::build()
            .status(Status::Created)
            .header(ContentType::JSON)
            .header(Header::new("Cache-Control", "no-store"))
            .sized_body(body.len(), std::io::Cursor::new(body))
            .ok()
    }
}

/// The code of a session that the public may see, and what it asks.
async fn known(desk: &Desk, code: &str) -> Result<(SessionCode, Vec<Question>), Problem> {
    let missing = || Problem::new(ProblemKind::NotFound, "There is no such session.");
    let code: SessionCode = code.parse().map_err(|_| missing())?;
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.filter(Session::has_page);
    let asked = questions::asked(&mut conn, &session.ok_or_else(missing)?).await?;
    Ok((code, asked))
}

#[post("/sessions/<code>/registrations", data = "<body>")]
async fn register(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    code: &str,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Created<Made>, Problem> {
    let (code, asked) = known(desk, code).await?;
    let sent = Sent::read(&body.0, &code)?;
    let institution = match sent.institution() {
        Some(institution) => {
            let mut conn = desk.ctx.store.read().await?;
            institutions::open_to_bookings(&mut conn, institution).await?
        }
        None => None,
    };
    let (answers, faults) = sent.answers(&asked);
    let mut request = sent.request(&code, institution, faults)?;
    request.attempt = attempt(key)?;
    let booked = book_answered(&desk.ctx, &Actor::Api, request, &answers).await?;
    let manage_url = desk.ctx.manage_url(&booked.token);
    Ok(Created(Made::of(&booked, position(desk, &booked.registration).await, manage_url)))
}

/// The attempt that a key names.
pub(super) fn attempt(key: IdempotencyKey) -> Result<Option<String>, Problem> {
    match key.0 {
        None => Ok(None),
        Some(Ok(key)) => Ok(Some(format!("api:{key}"))),
        Some(Err(())) => {
            let detail = "Idempotency-Key must be 16 to 255 visible characters".to_owned();
            Err(Problem::fields(vec![FieldError { pointer: String::new(), detail }]))
        }
    }
}

/// Where a registration waits. It is booked already: that this cannot be read is no failure of it.
async fn position(desk: &Desk, registration: &Registration) -> Option<usize> {
    let found = match desk.ctx.store.read().await {
        Ok(mut conn) => standing(&mut conn, registration).await,
        Err(error) => Err(error),
    };
    found.unwrap_or_else(|error| {
        log::warn!("a place on a waiting list could not be read: {error}");
        None
    })
}

pub(super) fn routes() -> Vec<Route> {
    routes![register]
}
