//! What a spreadsheet reads by its secret address: counts of each session, or names where that was chosen.

use std::{collections::HashMap, io::Cursor};

use chrono::Duration;
use rocket::{
    Request, Response, Route, State, get,
    http::{ContentType, Header, Status},
    response::{self, Responder},
    routes,
};

use crate::{
    actions::sheet_address::open_address,
    domain::{
        pledge::Turnout,
        session::{Publication, Session},
    },
    store::{Conn, StoreError, pledges, registrations, sessions, sheet_links::SheetLink, watch},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        spreadsheet::{Cell, Table, to_csv},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![read]
}

/// How far back it goes, in days.
const DAYS: i64 = 365;
/// The most people it names.
const MOST: usize = 20_000;

/// What a spreadsheet gets: never a page, and never a way elsewhere.
enum Answer {
    Sheet(Box<Kept>),
    Unknown,
    Busy(u64),
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let plain = |status, text: &'static str| {
            let mut answer = Response::build();
            answer.status(status).header(ContentType::Plain);
            answer.sized_body(text.len(), Cursor::new(text));
            answer
        };
        match self {
            Self::Sheet(kept) => kept.respond_to(request),
            Self::Unknown => plain(Status::NotFound, "There is no such sheet.\n").ok(),
            Self::Busy(seconds) => {
                let mut answer = plain(Status::TooManyRequests, "Too often. Please wait.\n");
                answer.header(Header::new("Retry-After", seconds.to_string())).ok()
            }
        }
    }
}

#[get("/sheets/<name>")]
async fn read(desk: &State<Desk>, name: &str) -> Result<Answer, Failure> {
    let token = name.strip_suffix(".csv").and_then(|token| token.parse::<Token>().ok());
    let Some(token) = token else { return Ok(Answer::Unknown) };
    let Some(link) = open_address(&desk.ctx, &token).await? else { return Ok(Answer::Unknown) };
    if let Some(limits) = &desk.limits
        && let Err(seconds) = limits.count_feed(token.hash())
    {
        return Ok(Answer::Busy(seconds));
    }
    let mut conn = desk.ctx.store.read().await?;
    let since = desk.ctx.now() - Duration::days(DAYS);
    let mut all = sessions::ending_after(&mut conn, since).await?;
    all.retain(|one| one.publication != Publication::Draft && is_of(&link, one));
    let table = match link.with_names {
        true => names(&mut conn, &all).await?,
        false => counts(&mut conn, &all, since).await?,
    };
    let body = to_csv(&table).map_err(|error| {
        log::error!("a sheet could not be written: {error}");
        Failure::Broken
    })?;
    let headers = vec![
        ("Cache-Control", "private, no-cache".to_owned()),
        ("X-Robots-Tag", "noindex".to_owned()),
    ];
    let kind = ContentType::new("text", "csv").with_params(("charset", "utf-8"));
    let head = Head { kind, last_modified: None, headers, compress: false, all_day: false };
    Ok(Answer::Sheet(Box::new(Kept::bytes(head, body))))
}

fn is_of(link: &SheetLink, session: &Session) -> bool {
    link.alliance.as_ref().is_none_or(|slug| session.alliance.slug == *slug)
}

/// What both begin with.
const SESSION: [&str; 6] = ["Session", "Course", "First day", "Starts", "Where", "Alliance"];

fn about(session: &Session) -> Vec<Cell> {
    let first = session.sittings.first();
    let day = first.map(|day| day.starts.date().to_string());
    let starts = first.map(|day| day.starts.format("%H:%M").to_string());
    vec![
        session.code.as_str().into(),
        session.course.title.as_str().into(),
        day.unwrap_or_default().into(),
        starts.unwrap_or_default().into(),
        session.location.public_line().into(),
        session.alliance.name.as_str().into(),
    ]
}

fn heads(more: &[&str]) -> Vec<String> {
    SESSION.iter().chain(more).map(|head| (*head).to_owned()).collect()
}

async fn counts(
    conn: &mut Conn,
    all: &[Session],
    since: chrono::DateTime<chrono::Utc>,
) -> Result<Table, StoreError> {
    let mut fills = watch::fill_levels(conn, since).await?;
    let until = all.iter().filter_map(Session::ends_at).max().unwrap_or(since);
    let mut came: HashMap<_, Turnout> = HashMap::new();
    for cell in pledges::cells(conn, (since - Duration::days(DAYS), until), None).await? {
        let sum = came.entry(cell.session).or_default();
        *sum = sum.plus(cell.turnout);
    }
    let rows = all.iter().map(|session| {
        let fill = fills.remove(&session.code).unwrap_or_default();
        let came = came.get(&session.code).copied().unwrap_or_default();
        let counts = [
            session.occupancy.capacity,
            fill.confirmed,
            fill.waiting,
            fill.requested,
            came.attended,
        ];
        let mut row = about(session);
        row.extend(counts.map(|count| Cell::from(i64::from(count))));
        row.push(state(session).into());
        row
    });
    let rows = rows.collect();
    let heads = heads(&["Places", "Booked", "Waiting", "Requested", "Came", "State"]);
    Ok(Table { name: "Sessions", heads, rows })
}

fn state(session: &Session) -> &'static str {
    match session.publication {
        Publication::Cancelled { .. } => "Cancelled",
        Publication::Published => "Published",
        Publication::Draft => "Draft",
    }
}

async fn names(conn: &mut Conn, all: &[Session]) -> Result<Table, StoreError> {
    let mut rows = Vec::new();
    for session in all {
        for booking in registrations::of_session(conn, &session.code).await? {
            for place in booking.places.iter().filter(|one| one.state.status().is_open()) {
                let name = place.attendee.as_ref().map_or("", |who| who.name.as_str());
                let mut row = about(session);
                row.push(booking.sender.name().unwrap_or_default().into());
                row.push(name.into());
                row.push(in_words(place.state.status().as_str()).into());
                rows.push(row);
            }
        }
        if rows.len() > MOST {
            break;
        }
    }
    rows.truncate(MOST);
    Ok(Table { name: "People", heads: heads(&["Institution", "Name", "Place"]), rows })
}
