//! An alliance's own page: who it is, its next training, its calendar.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Either, Route, State, get, http::uri::Origin, response::Redirect, routes};

use crate::{
    domain::{
        alliance::Alliance,
        id::AllianceSlug,
        institution::InstitutionKind,
        session::{BookingMode, Session},
        wording,
    },
    store::{Concern, Matter, catalogue, catalogue_merges, institutions},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths,
        public::{
            listed::{can_book, listed},
            oembed::frame,
            places_words::PlacesWords,
        },
    },
};

/// How many of its sessions are shown; the catalogue has all.
const SHOWN: usize = 10;

/// An alliance.
#[derive(Debug, Template)]
#[template(path = "public/alliance.html")]
struct AlliancePage {
    chrome: Chrome,
    alliance: Alliance,
    /// Where the page is, and where the site begins.
    url: String,
    base: String,
    /// How many institutions of each kind belong to it.
    kinds: Vec<(InstitutionKind, u32)>,
    /// Its next training that can be booked.
    next: Option<Session>,
    /// What comes, in order of time.
    sessions: Vec<Session>,
    /// How many come in all.
    total: usize,
    now: DateTime<Utc>,
}

impl AlliancePage {
    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn closes(&self, session: &Session) -> String {
        let closes = session.closes_at().map(|at| wording::moment(at, session.zone()));
        closes.map_or_else(String::new, |at| format!("Book by {at}"))
    }

    /// What an alliance copies into a page of its own site.
    fn snippet(&self) -> String {
        let at = paths::public::embed_alliance(&self.alliance.slug);
        frame(&self.base, &at, &format!("Training by {}", self.alliance.name), ("100%", 640))
    }

    fn snippet_of_next(&self) -> String {
        let at = paths::public::embed_next(&self.alliance.slug);
        frame(&self.base, &at, &format!("Next training by {}", self.alliance.name), ("100%", 280))
    }

    /// `12 congregations, 8 schools and 3 unions`.
    fn members(&self) -> Option<String> {
        let count = |(kind, many): &(InstitutionKind, u32)| {
            let (one, several) = match kind {
                InstitutionKind::Faith => ("congregation", "congregations"),
                InstitutionKind::School => ("school", "schools"),
                InstitutionKind::Union => ("union", "unions"),
                InstitutionKind::Community => ("community group", "community groups"),
                InstitutionKind::Health => ("health service", "health services"),
                InstitutionKind::Other => ("other institution", "other institutions"),
            };
            wording::count(*many as usize, one, several)
        };
        let counted: Vec<String> = self.kinds.iter().map(count).collect();
        (!counted.is_empty()).then(|| wording::list(&counted))
    }
}

#[get("/alliances/<slug>")]
async fn alliance(
    desk: &State<Desk>,
    slug: AllianceSlug,
    address: &Origin<'_>,
) -> Result<Either<Kept, Redirect>, Failure> {
    let draw = async || {
        let page = alliance_page(desk, &slug).await?;
        // Its name, its contact and its institutions are facts that any change of the catalogue may touch.
        let concern = Concern {
            facts: vec![Matter::Everything],
            places: vec![Matter::Alliance(slug.clone())],
        };
        Ok::<_, Failure>((Head::page(), render(&page)?, concern))
    };
    match desk.kept(address.path().as_str(), draw).await {
        Err(Failure::NotFound) => {
            let mut conn = desk.ctx.store.read().await?;
            let kept = catalogue_merges::successor_of_alliance(&mut conn, &slug).await?;
            let kept = kept.ok_or(Failure::NotFound)?;
            Ok(Either::Right(Redirect::moved(paths::public::alliance(&kept))))
        }
        page => Ok(Either::Left(page?)),
    }
}

async fn alliance_page(desk: &Desk, slug: &AllianceSlug) -> Result<AlliancePage, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let all = catalogue::alliances(&mut conn).await?;
    let alliance = all.into_iter().find(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
    let kinds = institutions::kinds(&mut conn, slug).await?;
    let mut sessions = listed(desk, &mut conn).await?;
    drop(conn);
    sessions.retain(|session| session.alliance.slug == *slug);
    let next = sessions.iter().find(|session| can_book(session, now)).cloned();
    let total = sessions.len();
    sessions.truncate(SHOWN);
    let chrome = desk.chrome(Area::Find);
    let base = desk.ctx.letterhead.base_url.clone();
    let url = format!("{base}{}", paths::public::alliance(slug));
    Ok(AlliancePage { chrome, url, base, alliance, kinds, next, sessions, total, now })
}

pub fn routes() -> Vec<Route> {
    routes![alliance]
}
