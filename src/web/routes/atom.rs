//! The news feed of new sessions.

use chrono::{DateTime, Duration};
use rocket::{Route, State, get, http::ContentType, routes};

use super::{
    super::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::render,
        public::atom::{AtomFeed, News},
    },
    catalogue::listed,
};
use crate::{domain::session::Publication, store::audit};

/// How many sessions it tells of.
const MOST: usize = 50;

#[get("/feeds/new.atom")]
async fn new(desk: &State<Desk>) -> Result<Kept, Failure> {
    let draw = async || {
        let feed = drawn(desk).await?;
        let head = Head {
            kind: ContentType::new("application", "atom+xml").with_params(("charset", "utf-8")),
            last_modified: Some(feed.updated),
            headers: vec![("Cache-Control", "public, max-age=900".to_owned())],
            compress: true,
        };
        Ok((head, render(&feed)?))
    };
    desk.kept("/feeds/new.atom", draw).await
}

async fn drawn(desk: &Desk) -> Result<AtomFeed, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let sessions = listed(desk, &mut conn).await?;
    let since = desk.ctx.now() - Duration::days(730);
    let published = audit::published_after(&mut conn, since).await?;
    drop(conn);
    let mut news: Vec<News> = sessions
        .into_iter()
        .filter(|session| session.publication == Publication::Published)
        .filter_map(|session| {
            // Imported sessions were in the catalogue from the moment they were made.
            let made = session.sittings.iter().map(|sitting| sitting.created_at).min()?;
            let published = published.get(&session.code).copied().unwrap_or(made);
            let changed = session.sittings.iter().map(|sitting| sitting.changed_at).max()?;
            Some(News { updated: changed.max(published), published, session })
        })
        .collect();
    news.sort_by(|a, b| (b.published, &a.session.code).cmp(&(a.published, &b.session.code)));
    news.truncate(MOST);
    let updated = news.iter().map(|one| one.updated).max().unwrap_or(DateTime::UNIX_EPOCH);
    Ok(AtomFeed { base_url: desk.ctx.sender.base_url.clone(), updated, news })
}

pub fn routes() -> Vec<Route> {
    routes![new]
}
