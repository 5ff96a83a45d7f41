//! Sessions, to read.

use chrono::{DateTime, NaiveDate, Utc};
use rocket::{
    Route, State, get,
    http::{ContentType, uri::Origin},
    routes,
};
use serde::Serialize;

use super::{answers::QuestionJson, problem::Problem};
use crate::{
    domain::{
        id::SessionCode,
        location::Location,
        page_words::DayWords,
        session::{BookingStatus, Publication, Session},
        sitting::Sitting,
    },
    store::{Concern, Matter, questions, sessions},
    web::{
        Desk,
        kept::{Head, Kept},
        problem_kind::ProblemKind,
        public::listed::{CatalogueQuery, Known, PAGE, listed},
    },
};

#[derive(Serialize)]
struct SessionList {
    sessions: Vec<SessionJson>,
    total: usize,
    page: usize,
    pages: usize,
}

#[derive(Serialize)]
struct SessionJson {
    code: String,
    title: String,
    course: String,
    summary: String,
    alliance: AllianceJson,
    location: LocationJson,
    sittings: Vec<SittingJson>,
    trainers: Vec<String>,
    access: Vec<String>,
    note: Option<String>,
    /// The nights people stay there, each by the date of its evening.
    nights: Vec<NaiveDate>,
    arrival: Option<String>,
    departure: Option<String>,
    for_whom: Option<String>,
    outcomes: Vec<String>,
    directions: Option<String>,
    bring: Option<String>,
    food: Option<String>,
    access_words: Option<String>,
    status: &'static str,
    cancel_reason: Option<String>,
    booking_opens: Option<DateTime<Utc>>,
    booking_closes: Option<DateTime<Utc>>,
    mode: &'static str,
    capacity: u32,
    places_left: u32,
    people_waiting: u32,
    waiting_list: bool,
    places_per_booking: u32,
    places_per_institution: Option<u32>,
    /// What is asked of whoever books, in order; only where one session is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    questions: Option<Vec<QuestionJson>>,
    /// The series whose evenings can be booked as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<SeriesJson>,
    url: String,
    calendar_url: String,
}

#[derive(Serialize)]
struct SeriesJson {
    id: String,
    booked: &'static str,
}

#[derive(Serialize)]
struct AllianceJson {
    slug: String,
    name: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum LocationJson {
    InPerson { name: String, address: String },
    Online,
}

#[derive(Serialize)]
struct SittingJson {
    number: u32,
    /// Wall time in `time_zone`, which is the truth; the instants follow from it.
    starts_local: String,
    ends_local: String,
    time_zone: &'static str,
    starts: DateTime<Utc>,
    ends: DateTime<Utc>,
    title: Option<String>,
    note: Option<String>,
    /// Where the day is held, if not where the session is.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationJson>,
}

impl LocationJson {
    fn of(location: &Location) -> Self {
        match location {
            Location::Venue { name, address } => {
                Self::InPerson { name: name.clone(), address: address.clone() }
            }
            Location::Online { .. } => Self::Online,
        }
    }
}

impl SittingJson {
    fn of(session: &Session, sitting: &Sitting) -> Self {
        let local = |at: chrono::NaiveDateTime| at.format("%Y-%m-%dT%H:%M:%S").to_string();
        let DayWords { title, note } = session.words.day(sitting).cloned().unwrap_or_default();
        Self {
            number: sitting.number,
            starts_local: local(sitting.starts),
            ends_local: local(sitting.ends),
            time_zone: sitting.zone.name(),
            starts: sitting.starts_at,
            ends: sitting.ends_at,
            title,
            note,
            location: sitting.place.as_ref().map(|place| LocationJson::of(&place.location())),
        }
    }
}

impl SessionJson {
    /// What anybody may know; never the online room (C5).
    fn of(session: &Session, base: &str, now: DateTime<Utc>) -> Self {
        Self {
            code: session.code.to_string(),
            title: session.course.title.clone(),
            course: session.course.slug.to_string(),
            summary: session.course.summary.clone(),
            alliance: AllianceJson {
                slug: session.alliance.slug.to_string(),
                name: session.alliance.name.clone(),
            },
            location: LocationJson::of(&session.location),
            sittings: session.sittings.iter().map(|one| SittingJson::of(session, one)).collect(),
            trainers: session.trainers.iter().map(|trainer| trainer.name.clone()).collect(),
            access: session.access.clone(),
            note: session.note.clone(),
            nights: session.nights(),
            arrival: session.overnight.arrival.clone(),
            departure: session.overnight.departure.clone(),
            for_whom: session.course.words.for_whom.clone(),
            outcomes: session.course.words.outcomes.clone(),
            directions: session.words.directions.clone(),
            bring: session.words.bring.clone(),
            food: session.words.food.clone(),
            access_words: session.words.access_words.clone(),
            status: status(session.booking_status(now)),
            cancel_reason: match &session.publication {
                Publication::Cancelled { reason, .. } => Some(reason.clone()),
                _ => None,
            },
            booking_opens: session.booking_opens,
            booking_closes: session.closes_at(),
            mode: session.mode.as_str(),
            capacity: session.occupancy.capacity,
            places_left: session.occupancy.open_to_all(),
            people_waiting: session.occupancy.waiting,
            waiting_list: session.waiting_list,
            places_per_booking: session.places_per_booking,
            places_per_institution: session.places_per_institution,
            series: session
                .series
                .as_ref()
                .map(|one| SeriesJson { id: one.id.to_string(), booked: one.bookable.as_str() }),
            questions: None,
            url: format!("{base}/sessions/{}", session.code),
            calendar_url: format!("{base}/sessions/{}.ics", session.code),
        }
    }
}

fn status(status: BookingStatus) -> &'static str {
    match status {
        BookingStatus::Open { .. } => "open",
        BookingStatus::NotYetOpen { .. } => "not-yet-open",
        BookingStatus::Closed => "closed",
        BookingStatus::Cancelled => "cancelled",
        BookingStatus::Finished | BookingStatus::Draft => "finished",
    }
}

fn head() -> Head {
    Head { kind: ContentType::JSON, ..Head::page() }
}

#[get("/sessions?<asked..>")]
async fn list(
    desk: &State<Desk>,
    asked: CatalogueQuery<'_>,
    address: &Origin<'_>,
) -> Result<Kept, Problem> {
    if asked.is_in_own_words() {
        return Ok(Kept::once(head(), found(desk, &asked).await?));
    }
    let draw = async || Ok::<_, Problem>((head(), found(desk, &asked).await?, asked.concern()));
    desk.kept(&address.to_string(), draw).await
}

async fn found(desk: &Desk, asked: &CatalogueQuery<'_>) -> Result<String, Problem> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let filter = asked.filter(&Known::read(&mut conn).await?).map_err(Problem::asked)?;
    let all = listed(desk, &mut conn).await?;
    drop(conn);
    let found = filter.found(&all);
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = asked.page().map_err(|fault| Problem::asked(vec![fault]))?;
    if page > pages {
        let detail = format!("There are only so many pages: {pages}.");
        return Err(Problem::new(ProblemKind::NotFound, detail));
    }
    let base = &desk.ctx.letterhead.base_url;
    let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
    text(&SessionList {
        sessions: shown.map(|session| SessionJson::of(session, base, now)).collect(),
        total: found.len(),
        page,
        pages,
    })
}

#[get("/sessions/<code>")]
async fn one(desk: &State<Desk>, code: &str) -> Result<Kept, Problem> {
    let draw = async || {
        let session = published(desk, code).await?;
        let of = Matter::Session(session.code.clone());
        let mut shown = SessionJson::of(&session, &desk.ctx.letterhead.base_url, desk.ctx.now());
        let asked = questions::asked(&mut desk.ctx.store.read().await?, &session).await?;
        shown.questions = Some(asked.iter().map(QuestionJson::of).collect());
        Ok((head().about(&session), text(&shown)?, Concern::all(vec![of])))
    };
    desk.kept(&format!("/api/v1/sessions/{code}"), draw).await
}

fn text(shown: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(shown).map_err(|error| {
        log::error!("an answer cannot be written as JSON: {error}");
        Problem::new(ProblemKind::Broken, "Something of ours is broken.")
    })
}

/// The session with this code, if the public may see it.
pub(super) async fn published(desk: &Desk, code: &str) -> Result<Session, Problem> {
    let missing = || Problem::new(ProblemKind::NotFound, "There is no such session.");
    let code: SessionCode = code.parse().map_err(|_| missing())?;
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?;
    session.filter(Session::has_page).ok_or_else(missing)
}

pub(super) fn routes() -> Vec<Route> {
    routes![list, one]
}
