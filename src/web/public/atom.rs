//! New sessions as a news feed (RFC 4287).

use askama::Template;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use rocket::{Route, State, get, http::ContentType, routes};

use crate::{
    domain::{
        session::{Publication, Session},
        wording,
    },
    store::{Concern, Matter, audit},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::render,
        paths,
        public::listed::listed,
    },
};

/// A session with when it was announced.
#[derive(Debug, Clone)]
struct News {
    pub session: Session,
    /// When the public first saw it.
    pub published: DateTime<Utc>,
    /// When what the public sees of it last changed.
    pub updated: DateTime<Utc>,
}

/// The news feed, newest first.
#[derive(Debug, Template)]
#[template(path = "public/atom.xml")]
struct AtomFeed {
    /// Where the site is.
    base_url: String,
    /// When any entry last changed; the site's beginning of time while there is none.
    updated: DateTime<Utc>,
    news: Vec<News>,
}

impl AtomFeed {
    fn date(&self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    fn title(&self, session: &Session) -> String {
        format!("{}, {}", session.course.title, wording::days(session))
    }

    fn words(&self, session: &Session) -> String {
        let (days, hours) = (wording::days(session), wording::hours(session));
        let place = session.location.public_line();
        format!("{} {days}, {hours}, {place}.", session.course.summary)
    }
}

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
            all_day: false,
        };
        Ok::<_, Failure>((head, render(&feed)?, Concern::facts(Matter::Everything)))
    };
    desk.kept(paths::public::new_sessions_atom().as_str(), draw).await
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
    Ok(AtomFeed { base_url: desk.ctx.letterhead.base_url.clone(), updated, news })
}

pub fn routes() -> Vec<Route> {
    routes![new]
}
