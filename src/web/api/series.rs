//! Booking several evenings of a series by a program: the same verb as the web, for all of them at once.

use rocket::{Route, State, post, routes};
use serde::Serialize;

use crate::{
    actions::booking::{
        book_evenings::{BookEvenings, BookEveningsError, BookedEvenings, book_evenings},
        hold_evenings::EveningsError,
        refusals::BookError,
    },
    domain::{
        audit::Actor,
        id::{SeriesId, SessionCode},
        question::QuestionOf,
        registration::Registration,
        series::{IfFull, Series},
        session::Session,
    },
    store::{institutions, questions, series},
    web::{
        Desk,
        api::{
            problem::{FieldError, Problem},
            registrations::{Created, PlaceMade, attempt, places},
            request::{IdempotencyKey, JsonBody, Sent},
        },
        guard::SameOrigin,
        limits::BookingPace,
        problem_kind::ProblemKind,
    },
};

/// What was booked of each evening.
#[derive(Serialize)]
struct Made {
    evenings: Vec<EveningMade>,
    manage_url: String,
}

#[derive(Serialize)]
struct EveningMade {
    session: String,
    reference: String,
    places: Vec<PlaceMade>,
}

impl Made {
    fn of(desk: &Desk, booked: &BookedEvenings) -> Self {
        let evening = |(session, one): &(Session, Registration)| EveningMade {
            session: session.code.to_string(),
            reference: one.reference.to_string(),
            places: places(one, None),
        };
        Self {
            evenings: booked.all.iter().map(evening).collect(),
            manage_url: desk.ctx.manage_url(&booked.token),
        }
    }
}

/// Which evenings are asked for, and what becomes of them where one is full; taken out of what was sent.
fn chosen(value: &mut serde_json::Value) -> Result<(Vec<SessionCode>, IfFull), Problem> {
    let fault = |pointer: &str, detail: &str| {
        let error = FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() };
        Problem::fields(vec![error])
    };
    let Some(body) = value.as_object_mut() else { return Ok(Default::default()) };
    let evenings = match body.remove("evenings") {
        None | Some(serde_json::Value::Null) => Vec::new(),
        Some(sent) => {
            let codes = sent.as_array().map(|all| all.iter().map(|one| one.as_str()?.parse().ok()));
            let codes: Option<Vec<SessionCode>> = codes.and_then(Iterator::collect);
            let codes = codes.filter(|all| !all.is_empty());
            codes.ok_or_else(|| {
                fault("/evenings", "Name at least one session of the series by its code")
            })?
        }
    };
    let if_full = match body.remove("if_full") {
        None | Some(serde_json::Value::Null) => IfFull::default(),
        Some(sent) => {
            let said = sent.as_str().and_then(|word| word.parse().ok());
            said.ok_or_else(|| fault("/if_full", "Send \"every\" or \"room\""))?
        }
    };
    Ok((evenings, if_full))
}

/// A series that the public may see.
async fn known(desk: &Desk, id: &str) -> Result<Series, Problem> {
    let missing = || Problem::new(ProblemKind::NotFound, "There is no such series.");
    let id: SeriesId = id.parse().map_err(|_| missing())?;
    let mut conn = desk.ctx.store.read().await?;
    let found = series::find(&mut conn, &id).await?;
    found.filter(|one| !one.seen().is_empty()).ok_or_else(missing)
}

#[post("/series/<id>/registrations", data = "<body>")]
async fn register(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    id: &str,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Created<Made>, Problem> {
    let series = known(desk, id).await?;
    let (sent, evenings, if_full) = {
        let mut value = Sent::value(&body.0)?;
        let about = format!("series {id}\n{value}");
        let (evenings, if_full) = chosen(&mut value)?;
        (Sent::of(&value, &about)?, evenings, if_full)
    };
    let mut conn = desk.ctx.store.read().await?;
    let institution = match sent.institution() {
        Some(institution) => institutions::open_to_bookings(&mut conn, institution).await?,
        None => None,
    };
    let Some(first) = series.seen().first().copied().cloned() else {
        return Err(Problem::new(ProblemKind::NotFound, "There is no such series."));
    };
    // Of evenings with other questions of their own it is asked under the leader's link.
    let mut asked = questions::asked(&mut conn, &first).await?;
    drop(conn);
    asked.retain(|one| matches!(one.of, QuestionOf::Course(_)));
    let (answers, faults) = sent.answers(&asked);
    let mut each = sent.request(&first.code, institution, faults)?;
    each.attempt = attempt(key)?;
    let request = BookEvenings { series: series.id, evenings, if_full, each };
    let booked = book_evenings(&desk.ctx, &Actor::Api, request, Some(&answers)).await?;
    Ok(Created(Made::of(desk, &booked)))
}

impl From<BookEveningsError> for Problem {
    fn from(error: BookEveningsError) -> Self {
        let refused = match error {
            BookEveningsError::On(_, error) => return error.into(),
            BookEveningsError::Evenings(
                EveningsError::Hold(error) | EveningsError::Evening(_, error),
            ) => {
                return BookError::from(error).into();
            }
            BookEveningsError::Evenings(refused) => refused,
        };
        let detail = format!("Nothing was booked: {refused}.");
        match refused {
            EveningsError::Full(_) | EveningsError::AllFull => Self::new(ProblemKind::Full, detail),
            EveningsError::WholeOnly => Self::new(ProblemKind::WholeSeries, detail),
            EveningsError::NoSuchSeries => Self::new(ProblemKind::Closed, detail),
            EveningsError::NotOffered(code) => Self::fields(vec![FieldError {
                pointer: "/evenings".to_owned(),
                detail: format!("{code} is no evening of this series that can be booked now"),
            }]),
            EveningsError::Evening(..) | EveningsError::Hold(_) => {
                Self::new(ProblemKind::Broken, detail)
            }
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![register]
}
