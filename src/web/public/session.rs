//! A session's page.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{
    Route, State, get,
    http::{CookieJar, uri::Origin},
    routes,
};

use crate::{
    actions::booking::hold_places::held_until,
    domain::{
        id::SessionCode,
        session::{BookingMode, BookingStatus, Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::{Concern, Matter, session_changes, sessions},
    web::{
        Desk,
        booking::{
            hold::{HOLD_COOKIE, own_hold},
            steps::Steps,
        },
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths::{self, Href},
        public::{
            add_links::AddLinks,
            json_ld::JsonLd,
            listed::{can_book, listed},
            places_words::PlacesWords,
        },
    },
};

/// Places this browser holds, so that its own hold never says "full" to it.
#[derive(Debug, Clone)]
struct OwnHold {
    /// How many.
    pub places: u32,
    /// Until when, such as `10.42am`.
    pub until_words: String,
    /// Where to go on.
    pub href: Href,
}

impl OwnHold {
    fn words(&self) -> String {
        wording::count(self.places as usize, "place", "places")
    }
}

/// A session's page.
#[derive(Debug, Template)]
#[template(path = "public/session.html")]
struct SessionPage {
    chrome: Chrome,
    session: Session,
    /// Other dates of the course with places.
    others: Vec<Session>,
    /// What this browser holds.
    held: Option<OwnHold>,
    /// What search engines and other programs read.
    json_ld: JsonLd,
    url: String,
    now: DateTime<Utc>,
}

impl SessionPage {
    /// One sentence for whoever the page is sent to.
    fn preview(&self) -> String {
        let (days, hours) = (wording::days(&self.session), wording::hours(&self.session));
        format!("{days}, {hours}, {}", self.session.location.public_line())
    }

    fn add_links(&self) -> Vec<(String, AddLinks)> {
        let links = |sitting: &Sitting| AddLinks::to(&self.session, sitting, &self.url);
        self.session
            .sittings
            .iter()
            .map(|one| (wording::date(one.starts.date()), links(one)))
            .collect()
    }

    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn is_cancelled(&self) -> Option<&str> {
        match &self.session.publication {
            Publication::Cancelled { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether every place is taken while it could still be booked.
    fn is_full(&self) -> bool {
        matches!(self.session.booking_status(self.now), BookingStatus::Open { .. })
            && self.session.occupancy.open_to_all() == 0
    }

    fn by_application(&self) -> bool {
        self.session.mode == BookingMode::Approval
    }

    /// The courses that come before, where whoever lacks one can only ask.
    fn comes_after(&self) -> Option<String> {
        let before = &self.session.course.prerequisites;
        let titles: Vec<_> = before.iter().map(|one| one.title.as_str()).collect();
        (!titles.is_empty()).then(|| wording::list(&titles))
    }

    fn button(&self) -> &'static str {
        if self.by_application() || self.comes_after().is_some() {
            "Ask for places"
        } else {
            "Book places"
        }
    }

    fn closes(&self) -> String {
        let closes = self.session.closes_at();
        closes.map_or_else(String::new, |at| wording::moment(at, self.session.zone()))
    }

    /// Whether a phrase about access says what is missing.
    fn is_barrier(&self, phrase: &str) -> bool {
        phrase.starts_with("no ") || (phrase.contains("step") && !phrase.contains("step-free"))
    }

    fn initials(&self, name: &str) -> String {
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
    }
}

#[get("/sessions/<code>", rank = 2)]
pub async fn session(
    desk: &State<Desk>,
    code: SessionCode,
    cookies: &CookieJar<'_>,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    // Whoever holds places sees a page of her own.
    if cookies.get(HOLD_COOKIE).is_some() {
        let page = session_page(desk, &code, Some(cookies)).await?;
        return Ok(Kept::once(Head::page(), render(&page)?));
    }
    let draw = async || {
        let page = session_page(desk, &code, None).await?;
        let concern = concern(&page.session, page.now);
        Ok::<_, Failure>((Head::page(), render(&page)?, concern))
    };
    desk.kept(address.path().as_str(), draw).await
}

/// What a session's page concerns: itself, and where it cannot be booked the other dates of its course.
fn concern(session: &Session, now: DateTime<Utc>) -> Concern {
    let mut of = vec![Matter::Session(session.code.clone())];
    if !can_book(session, now) {
        of.push(Matter::Course(session.course.slug.clone()));
    }
    Concern::all(of)
}

async fn session_page(
    desk: &Desk,
    code: &SessionCode,
    cookies: Option<&CookieJar<'_>>,
) -> Result<SessionPage, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    if session.publication == Publication::Draft {
        return Err(Failure::NotFound);
    }
    let previous = session_changes::previous_starts(&mut conn, code).await?;
    // Other dates stand there only where this one cannot be booked.
    let mut others = Vec::new();
    if !can_book(&session, now) {
        others = listed(desk, &mut conn).await?;
    }
    drop(conn);
    others.retain(|other| {
        other.course.slug == session.course.slug && other.code != *code && can_book(other, now)
    });
    others.truncate(3);
    let own = match cookies {
        Some(cookies) => own_hold(desk, cookies, code).await,
        None => None,
    };
    let held = own.map(|(token, registration)| {
        let until = held_until(&registration).unwrap_or(now).with_timezone(&session.zone());
        let open = registration.places.iter().filter(|place| place.state.status().is_open());
        OwnHold {
            places: u32::try_from(open.count()).unwrap_or(0),
            until_words: wording::time(until.time()),
            href: Steps::of(code, &token).people,
        }
    });
    let url = format!("{}{}", desk.ctx.sender.base_url, paths::public::session(&session.code));
    let json_ld = JsonLd::event(&session, &url, now, &previous);
    let chrome = desk.chrome(Area::Find);
    Ok(SessionPage { chrome, json_ld, url, session, others, held, now })
}

pub fn routes() -> Vec<Route> {
    routes![session]
}
