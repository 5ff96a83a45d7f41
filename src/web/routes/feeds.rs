//! Calendars to subscribe to, and files to import.

use chrono::{DateTime, Utc};
use rocket::{
    Request, Response, Route, State, get,
    http::{Header, Status},
    response::{self, Responder},
    routes,
};
use sha2::{Digest, Sha256};

use super::super::{
    Desk,
    failure::Failure,
    page::{Area, Page},
    param::Ics,
    public::calendars::{CalendarsPage, SubscribeLinks},
};
use crate::{
    calendar::{self, feed::FeedHead},
    domain::{
        catalogue_filter::CatalogueFilter,
        id::{AllianceSlug, CourseSlug, SessionCode},
        session::{Publication, Session},
    },
    store::{catalogue, sessions},
};

/// An iCalendar file with a strong ETag; answers 304 to whoever has it.
pub(super) struct CalendarFile {
    body: String,
    last_modified: Option<DateTime<Utc>>,
    disposition: String,
    cache: &'static str,
    open: bool,
}

impl CalendarFile {
    /// A file to import once.
    pub(super) fn download(body: String) -> Self {
        Self {
            body,
            last_modified: None,
            disposition: "attachment; filename=\"training.ics\"".to_owned(),
            cache: "no-cache",
            open: false,
        }
    }

    fn feed(feed: calendar::feed::Feed, name: &str) -> Self {
        Self {
            body: feed.body,
            last_modified: feed.last_modified,
            disposition: format!("inline; filename=\"{name}.ics\""),
            cache: "public, max-age=900",
            open: true,
        }
    }
}

impl<'r> Responder<'r, 'static> for CalendarFile {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let digest = Sha256::digest(self.body.as_bytes());
        let etag = format!(
            "\"{}\"",
            digest.iter().take(16).map(|b| format!("{b:02x}")).collect::<String>()
        );
        let modified =
            self.last_modified.map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        let mut response = Response::build();
        response.header(Header::new("ETag", etag.clone()));
        if !self.cache.is_empty() && (self.open || !request.uri().path().starts_with("/r/")) {
            response.header(Header::new("Cache-Control", self.cache));
        }
        if let Some(modified) = modified {
            response.header(Header::new("Last-Modified", modified));
        }
        if is_known(request, &etag, self.last_modified) {
            return response.status(Status::NotModified).ok();
        }
        if self.open {
            response.header(Header::new("Access-Control-Allow-Origin", "*"));
        }
        response
            .header(Header::new("Content-Type", "text/calendar; charset=utf-8"))
            .header(Header::new("Content-Disposition", self.disposition))
            .sized_body(self.body.len(), std::io::Cursor::new(self.body))
            .ok()
    }
}

/// Whether the asker has these bytes (RFC 9110 13.1): `If-None-Match` wins; a date that cannot be
/// read, or that is older, is answered in full.
fn is_known(request: &Request<'_>, etag: &str, modified: Option<DateTime<Utc>>) -> bool {
    if let Some(known) = request.headers().get_one("If-None-Match") {
        return known
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag == etag);
    }
    let since = request.headers().get_one("If-Modified-Since");
    let since = since.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    match (since, modified) {
        (Some(since), Some(modified)) => since.timestamp() >= modified.timestamp(),
        _ => false,
    }
}

async fn feed(
    desk: &Desk,
    path: &str,
    name: &str,
    filter: &CatalogueFilter,
) -> Result<CalendarFile, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let since = now - chrono::Duration::days(61);
    let mut sessions = sessions::ending_after(&mut conn, since).await?;
    sessions.retain(|session| session.publication != Publication::Draft && filter.matches(session));
    let zone = sessions.first().map_or(chrono_tz::Europe::London, Session::zone);
    let source = format!("{}{path}", desk.ctx.sender.base_url);
    let head = FeedHead {
        name,
        description: "Training for community leaders, from Turnout",
        source: Some(&source),
        zone,
    };
    let feed = calendar::feed::feed(&desk.ctx.publisher, &head, &sessions, now);
    let file = path.rsplit('/').next().unwrap_or("turnout").trim_end_matches(".ics");
    Ok(CalendarFile::feed(feed, file))
}

#[get("/feeds/all.ics")]
async fn all(desk: &State<Desk>) -> Result<CalendarFile, Failure> {
    feed(desk, "/feeds/all.ics", "Turnout training", &CatalogueFilter::default()).await
}

#[get("/feeds/alliances/<slug>")]
async fn of_alliance(desk: &State<Desk>, slug: Ics<AllianceSlug>) -> Result<CalendarFile, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let known = catalogue::alliances(&mut conn).await?;
    drop(conn);
    let alliance = known.into_iter().find(|one| one.slug == slug.0).ok_or(Failure::NotFound)?;
    let path = format!("/feeds/alliances/{}.ics", slug.0);
    let name = format!("Training by {}", alliance.name);
    let filter = CatalogueFilter { alliance: Some(slug.0), ..Default::default() };
    feed(desk, &path, &name, &filter).await
}

#[get("/feeds/courses/<slug>")]
async fn of_course(desk: &State<Desk>, slug: Ics<CourseSlug>) -> Result<CalendarFile, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let known = catalogue::courses(&mut conn).await?;
    drop(conn);
    let course = known.into_iter().find(|one| one.slug == slug.0).ok_or(Failure::NotFound)?;
    let path = format!("/feeds/courses/{}.ics", slug.0);
    let filter = CatalogueFilter { course: Some(slug.0), ..Default::default() };
    feed(desk, &path, &course.title, &filter).await
}

#[get("/sessions/<code>", rank = 1)]
async fn of_session(desk: &State<Desk>, code: Ics<SessionCode>) -> Result<CalendarFile, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code.0).await?.ok_or(Failure::NotFound)?;
    if session.publication == Publication::Draft {
        return Err(Failure::NotFound);
    }
    let now = desk.ctx.now();
    Ok(CalendarFile::download(calendar::feed::session_file(&desk.ctx.publisher, &session, now)))
}

#[get("/calendars?<alliance>&<course>")]
async fn how(
    desk: &State<Desk>,
    alliance: Option<&str>,
    course: Option<&str>,
) -> Result<Page<CalendarsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let courses = catalogue::courses(&mut conn).await?;
    drop(conn);
    let alliance = alliances.iter().find(|one| Some(one.slug.as_str()) == alliance);
    let course = courses.iter().find(|one| Some(one.slug.as_str()) == course);
    let (path, name) = match (alliance, course) {
        (Some(one), _) => (format!("/feeds/alliances/{}.ics", one.slug), one.name.clone()),
        (None, Some(one)) => (format!("/feeds/courses/{}.ics", one.slug), one.title.clone()),
        (None, None) => ("/feeds/all.ics".to_owned(), "all training".to_owned()),
    };
    let chosen_alliance = alliance.map(|one| one.slug.clone());
    let chosen_course = course.map(|one| one.slug.clone());
    Ok(Page::ok(CalendarsPage {
        chrome: desk.chrome(Area::Calendars),
        links: SubscribeLinks::to(&format!("{}{path}", desk.ctx.sender.base_url), &name),
        name,
        courses: courses.into_iter().map(|one| (one.slug, one.title)).collect(),
        alliances,
        chosen_alliance,
        chosen_course,
    }))
}

pub fn routes() -> Vec<Route> {
    routes![all, of_alliance, of_course, of_session, how]
}
