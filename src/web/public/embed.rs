//! Our sessions within an alliance's own site: pages that may stand in a frame anywhere. They set no cookie
//! and need no script; each link opens our site in the whole window.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, http::uri::Origin, routes};

use crate::{
    domain::{
        id::{AllianceSlug, SessionCode},
        session::Session,
        wording,
    },
    store::{Concern, Matter, catalogue, catalogue_merges, sessions},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::render,
        paths::{self, Href},
        public::{
            listed::{can_book, listed},
            places_words::PlacesWords,
        },
    },
};

/// How many sessions of an alliance are shown.
const SHOWN: usize = 10;

/// What stands in a frame.
#[derive(Debug, Template)]
#[template(path = "public/embed.html")]
struct EmbedPage {
    /// What it shows: `Training by Oxford Citizens`.
    heading: String,
    /// The page of ours that says more.
    more: Href,
    sessions: Vec<Session>,
    now: DateTime<Utc>,
}

impl EmbedPage {
    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }
}

/// Which of an alliance's sessions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Next,
}

async fn of_alliance(
    desk: &Desk,
    slug: &AllianceSlug,
    which: Which,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    let draw = async || {
        let now = desk.ctx.now();
        let mut conn = desk.ctx.store.read().await?;
        let kept = catalogue_merges::successor_of_alliance(&mut conn, slug).await?;
        let slug = kept.as_ref().unwrap_or(slug);
        let mut alliances = catalogue::alliances(&mut conn).await?.into_iter();
        let alliance = alliances.find(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
        let mut sessions = listed(desk, &mut conn).await?;
        drop(conn);
        sessions.retain(|session| session.alliance.slug == *slug);
        let heading = match which {
            Which::All => format!("Training by {}", alliance.name),
            Which::Next => format!("Next training by {}", alliance.name),
        };
        if which == Which::Next {
            sessions.retain(|session| can_book(session, now));
            sessions.truncate(1);
        }
        sessions.truncate(SHOWN);
        let more = paths::public::alliance(slug);
        let page = EmbedPage { heading, more, sessions, now };
        let concern = Concern {
            facts: vec![Matter::Everything],
            places: vec![Matter::Alliance(slug.clone())],
        };
        Ok::<_, Failure>((Head::page(), render(&page)?, concern))
    };
    desk.kept(address.path().as_str(), draw).await
}

#[get("/embed/alliances/<slug>")]
async fn all(
    desk: &State<Desk>,
    slug: AllianceSlug,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    of_alliance(desk, &slug, Which::All, address).await
}

#[get("/embed/alliances/<slug>/next")]
async fn next(
    desk: &State<Desk>,
    slug: AllianceSlug,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    of_alliance(desk, &slug, Which::Next, address).await
}

#[get("/embed/sessions/<code>")]
async fn one(desk: &State<Desk>, code: SessionCode, address: &Origin<'_>) -> Result<Kept, Failure> {
    let draw = async || {
        let session = sessions::find(&mut desk.ctx.store.read().await?, &code).await?;
        let session = session.filter(Session::has_page);
        let session = session.ok_or(Failure::NotFound)?;
        let head = Head::page().about(&session);
        let page = EmbedPage {
            heading: format!("Training by {}", session.alliance.name),
            more: paths::public::session(&code),
            sessions: vec![session],
            now: desk.ctx.now(),
        };
        let concern = Concern::all(vec![Matter::Session(code.clone())]);
        Ok::<_, Failure>((head, render(&page)?, concern))
    };
    desk.kept(address.path().as_str(), draw).await
}

pub fn routes() -> Vec<Route> {
    routes![all, next, one]
}
