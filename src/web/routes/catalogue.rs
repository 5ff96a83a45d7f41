//! The catalogue and a session's page.

use rocket::{
    FromForm, Route, State, get,
    http::{CookieJar, uri::Origin},
    routes,
};

use crate::{
    actions::booking::hold_places::held_until,
    domain::{
        catalogue_filter::{CatalogueFilter, Month},
        id::SessionCode,
        session::{BookingStatus, Publication, Session},
        wording,
    },
    store::{self, Conn, StoreError, sessions},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, render},
        public::{
            catalogue::{CataloguePage, FilterChoices},
            json_ld::JsonLd,
            session::{OwnHold, SessionPage},
        },
        routes::{
            booking::{HOLD_COOKIE, own_hold},
            booking_form::Steps,
        },
    },
};

/// How many sessions a page of the catalogue shows.
pub const PAGE: usize = 20;

/// What the address asks for. A value that makes no sense narrows nothing.
#[derive(Debug, FromForm)]
pub struct Asked<'r> {
    q: Option<&'r str>,
    alliance: Option<&'r str>,
    course: Option<&'r str>,
    month: Option<&'r str>,
    format: Option<&'r str>,
    page: Option<&'r str>,
}

impl Asked<'_> {
    /// Which sessions.
    pub fn filter(&self) -> CatalogueFilter {
        let words = self.q.map(str::trim).filter(|q| !q.is_empty());
        CatalogueFilter {
            words: words.map(|q| q.chars().take(100).collect()),
            alliance: self.alliance.and_then(|text| text.parse().ok()),
            course: self.course.and_then(|text| text.parse().ok()),
            month: self.month.and_then(|text| text.parse().ok()),
            format: self.format.and_then(|text| text.parse().ok()),
        }
    }

    /// Which page of `pages`, from 1.
    pub fn page(&self, pages: usize) -> usize {
        self.page.and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, pages)
    }
}

/// The sessions the public sees: published or called off, and not over.
pub async fn listed(desk: &Desk, conn: &mut Conn) -> Result<Vec<Session>, StoreError> {
    let mut sessions = sessions::ending_after(conn, desk.ctx.now()).await?;
    sessions.retain(|session| session.publication != Publication::Draft);
    Ok(sessions)
}

#[get("/?<asked..>")]
async fn index(
    desk: &State<Desk>,
    asked: Asked<'_>,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    if asked.q.is_some() {
        // Anybody can think of any words: those pages are not worth keeping.
        return Ok(Kept::once(Head::page(), render(&catalogue(desk, &asked).await?)?));
    }
    let draw = async || Ok((Head::page(), render(&catalogue(desk, &asked).await?)?));
    desk.kept(&address.to_string(), draw).await
}

async fn catalogue(desk: &Desk, asked: &Asked<'_>) -> Result<CataloguePage, Failure> {
    let filter = asked.filter();
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let all = listed(desk, &mut conn).await?;
    let courses = store::catalogue::courses(&mut conn).await?;
    let mut months: Vec<Month> = all
        .iter()
        .flat_map(|session| &session.sittings)
        .map(|sitting| Month::of(sitting.starts.date()))
        .collect();
    months.sort_unstable();
    months.dedup();
    let choices = FilterChoices {
        alliances: store::catalogue::alliances(&mut conn).await?,
        courses: courses.into_iter().map(|course| (course.slug, course.title)).collect(),
        months,
    };
    drop(conn);
    let found: Vec<&Session> = all.iter().filter(|session| filter.matches(session)).collect();
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = asked.page(pages);
    let next = (filter.is_empty() && page == 1)
        .then(|| all.iter().find(|session| can_book(session, now)).cloned())
        .flatten();
    let wider = if found.is_empty() { wider(&filter, &all) } else { Vec::new() };
    Ok(CataloguePage {
        chrome: desk.chrome(Area::Find),
        choices,
        total: found.len(),
        sessions: found.into_iter().skip((page - 1) * PAGE).take(PAGE).cloned().collect(),
        page: u32::try_from(page).unwrap_or(1),
        pages: u32::try_from(pages).unwrap_or(1),
        next,
        wider,
        now,
        filter,
    })
}

fn can_book(session: &Session, now: chrono::DateTime<chrono::Utc>) -> bool {
    matches!(session.booking_status(now), BookingStatus::Open { .. })
        && session.occupancy.open_to_all() > 0
}

/// Wider searches with how many sessions each finds, for when nothing was found.
fn wider(filter: &CatalogueFilter, all: &[Session]) -> Vec<(String, String, usize)> {
    let mut wider = Vec::new();
    let mut offer = |label: String, href: String, filter: CatalogueFilter| {
        let count = all.iter().filter(|session| filter.matches(session)).count();
        if count > 0 {
            wider.push((label, href, count));
        }
    };
    if let Some(course) = &filter.course {
        let only = CatalogueFilter { course: Some(course.clone()), ..Default::default() };
        let title = all.iter().find(|s| s.course.slug == *course).map(|s| s.course.title.clone());
        let title = title.unwrap_or_else(|| course.to_string());
        offer(format!("{title}, everywhere"), format!("/?course={course}"), only);
    }
    if let Some(alliance) = &filter.alliance {
        let only = CatalogueFilter { alliance: Some(alliance.clone()), ..Default::default() };
        let name = all.iter().find(|s| s.alliance.slug == *alliance);
        let name = name.map_or_else(|| alliance.to_string(), |s| s.alliance.name.clone());
        offer(format!("All training by {name}"), format!("/?alliance={alliance}"), only);
    }
    offer("All training".to_owned(), "/".to_owned(), CatalogueFilter::default());
    wider
}

#[get("/sessions/<code>", rank = 2)]
async fn session(
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
    let draw = async || Ok((Head::page(), render(&session_page(desk, &code, None).await?)?));
    desk.kept(address.path().as_str(), draw).await
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
    let url = format!("{}/sessions/{}", desk.ctx.sender.base_url, session.code);
    let json_ld = JsonLd::event(&session, &url, now);
    let chrome = desk.chrome(Area::Find);
    Ok(SessionPage { chrome, json_ld, url, session, others, held, now })
}

pub fn routes() -> Vec<Route> {
    routes![index, session]
}
