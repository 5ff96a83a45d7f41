//! New sessions as a news feed (RFC 4287).

use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::domain::{session::Session, wording};

/// A session with when it was announced.
#[derive(Debug, Clone)]
pub struct News {
    /// The session.
    pub session: Session,
    /// When the public first saw it.
    pub published: DateTime<Utc>,
    /// When what the public sees of it last changed.
    pub updated: DateTime<Utc>,
}

/// The news feed, newest first.
#[derive(Debug, Template)]
#[template(path = "public/new.xml")]
pub struct AtomFeed {
    /// Where the site is.
    pub base_url: String,
    /// When any entry last changed; the site's beginning of time while there is none.
    pub updated: DateTime<Utc>,
    /// The entries.
    pub news: Vec<News>,
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
