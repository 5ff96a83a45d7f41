//! Calendars to subscribe to, and files to import.

use chrono::{DateTime, Utc};
use rocket::{Route, State, get, routes};

use crate::{
    calendar::{self, feed::FeedHead},
    domain::{
        catalogue_filter::CatalogueFilter,
        id::{AllianceSlug, CourseSlug, SessionCode},
        session::Session,
    },
    store::{Concern, Matter, catalogue, catalogue_merges, removed_days, sessions},
    web::{
        Desk,
        failure::Failure,
        ics::{calendar_head, download_head},
        kept::{Head, Kept},
        param::Ics,
        paths::{self, Href},
    },
};

/// A public feed: anybody may fetch it from anywhere, and ask again after a quarter of an hour.
fn published(feed: calendar::feed::Feed, name: &str) -> (Head, String) {
    let headers = vec![
        ("Cache-Control", "public, max-age=900".to_owned()),
        ("Access-Control-Allow-Origin", "*".to_owned()),
    ];
    let disposition = format!("inline; filename=\"{name}.ics\"");
    (calendar_head(feed.last_modified, disposition, headers), feed.body)
}

pub async fn drawn(
    desk: &Desk,
    path: &Href,
    (name, renamed): (&str, Option<DateTime<Utc>>),
    filter: &CatalogueFilter,
    of: Matter,
) -> Result<(Head, String, Concern), Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    // From a midnight, so that the same day gives the same bytes.
    let today = now.with_time(chrono::NaiveTime::MIN).single().unwrap_or(now);
    let since = today - chrono::Duration::days(61);
    let mut sessions = sessions::ending_after(&mut conn, since).await?;
    sessions.retain(|session| session.is_listed() && filter.matches(session));
    let zone = sessions.first().map_or(chrono_tz::Europe::London, Session::zone);
    let mut removed = removed_days::since(&mut conn, since).await?;
    let with_removed = |session: Session| {
        let removed = removed.remove(&session.code).unwrap_or_default();
        (session, removed)
    };
    let sessions: Vec<_> = sessions.into_iter().map(with_removed).collect();
    let source = format!("{}{path}", desk.ctx.letterhead.base_url);
    let head = FeedHead {
        name,
        description: "Training for community leaders, from Turnout",
        source: Some(&source),
        zone,
        renamed,
    };
    let feed = calendar::feed::feed(&desk.ctx.publisher, &head, &sessions, now);
    let file = path.as_str().rsplit('/').next().unwrap_or("turnout").trim_end_matches(".ics");
    let (head, body) = published(feed, file);
    Ok((head, body, Concern::facts(of)))
}

#[get("/feeds/all.ics")]
async fn all(desk: &State<Desk>) -> Result<Kept, Failure> {
    let path = paths::public::feed();
    let everything = CatalogueFilter::default();
    let draw = async || {
        drawn(desk, &path, ("Turnout training", None), &everything, Matter::Everything).await
    };
    desk.kept(path.as_str(), draw).await
}

#[get("/feeds/alliances/<slug>")]
async fn of_alliance(desk: &State<Desk>, slug: Ics<AllianceSlug>) -> Result<Kept, Failure> {
    let path = paths::public::feed_of_alliance(&slug.0);
    let draw = async || {
        let mut conn = desk.ctx.store.read().await?;
        let known = catalogue::alliances(&mut conn).await?;
        // Whoever subscribed to one that became part of another goes on at the same address.
        let kept = catalogue_merges::successor_of_alliance(&mut conn, &slug.0).await?;
        let meant = kept.as_ref().unwrap_or(&slug.0);
        let renamed = catalogue::alliance_renamed_at(&mut conn, meant).await?;
        drop(conn);
        let alliance = known.into_iter().find(|one| one.slug == *meant);
        let alliance = alliance.ok_or(Failure::NotFound)?;
        let name = format!("Training by {}", alliance.name);
        let of = Matter::Alliance(alliance.slug.clone());
        let filter = CatalogueFilter { alliance: Some(alliance.slug), ..Default::default() };
        drawn(desk, &path, (&name, renamed), &filter, of).await
    };
    desk.kept(path.as_str(), draw).await
}

#[get("/feeds/courses/<slug>")]
async fn of_course(desk: &State<Desk>, slug: Ics<CourseSlug>) -> Result<Kept, Failure> {
    let path = paths::public::feed_of_course(&slug.0);
    let draw = async || {
        let mut conn = desk.ctx.store.read().await?;
        let known = catalogue::courses(&mut conn).await?;
        let kept = catalogue_merges::successor_of_course(&mut conn, &slug.0).await?;
        let meant = kept.as_ref().unwrap_or(&slug.0);
        let renamed = catalogue::course_renamed_at(&mut conn, meant).await?;
        drop(conn);
        let course = known.into_iter().find(|one| one.slug == *meant);
        let course = course.ok_or(Failure::NotFound)?;
        let of = Matter::Course(course.slug.clone());
        let filter = CatalogueFilter { course: Some(course.slug), ..Default::default() };
        drawn(desk, &path, (&course.title, renamed), &filter, of).await
    };
    desk.kept(path.as_str(), draw).await
}

#[get("/sessions/<code>", rank = 1)]
async fn of_session(desk: &State<Desk>, code: Ics<SessionCode>) -> Result<Kept, Failure> {
    let draw = async || {
        let mut conn = desk.ctx.store.read().await?;
        let session = sessions::find(&mut conn, &code.0).await?.ok_or(Failure::NotFound)?;
        if !session.has_page() {
            return Err(Failure::NotFound);
        }
        let file = calendar::feed::session_file(&desk.ctx.publisher, &session);
        let head = download_head().about(&session);
        Ok((head, file, Concern::facts(Matter::Session(session.code))))
    };
    desk.kept(paths::public::session_ics(&code.0).as_str(), draw).await
}

pub fn routes() -> Vec<Route> {
    routes![all, of_alliance, of_course, of_session]
}
