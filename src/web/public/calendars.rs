//! How to subscribe, per calendar app.

use askama::Template;
use rocket::{Route, State, get, http::ContentType, routes};

use crate::{
    domain::{
        alliance::Alliance,
        id::{AllianceSlug, CourseSlug},
    },
    store::{catalogue, catalogue_merges},
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        public::listed::{NO_ALLIANCE, NO_COURSE},
        qr,
    },
};

/// The ways to one feed.
#[derive(Debug, Clone)]
struct SubscribeLinks {
    /// Its address.
    pub https: String,
    /// The same for apps that open `webcal:`.
    pub webcal: String,
    /// Google Calendar's page that subscribes.
    pub google: String,
    /// Outlook.com's.
    pub outlook: String,
    /// Outlook's at work.
    pub office: String,
}

impl SubscribeLinks {
    /// The ways to the feed at `https`, shown as `name`.
    pub fn to(https: &str, name: &str) -> Self {
        let webcal = https
            .split_once("://")
            .map_or_else(String::new, |(_, rest)| format!("webcal://{rest}"));
        let quoted =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let add = |host: &str| {
            let query = format!("url={}&name={}", quoted(https), quoted(name).replace('+', "%20"));
            format!("https://{host}/calendar/0/addfromweb?{query}")
        };
        Self {
            https: https.to_owned(),
            google: format!("https://calendar.google.com/calendar/r?cid={}", quoted(&webcal)),
            outlook: add("outlook.live.com"),
            office: add("outlook.office.com"),
            webcal,
        }
    }
}

/// How to subscribe.
#[derive(Debug, Template)]
#[template(path = "public/calendars.html")]
struct CalendarsPage {
    chrome: Chrome,
    name: String,
    links: SubscribeLinks,
    alliances: Vec<Alliance>,
    courses: Vec<(CourseSlug, String)>,
    /// The alliance chosen.
    chosen_alliance: Option<AllianceSlug>,
    /// The course chosen.
    chosen_course: Option<CourseSlug>,
}

impl CalendarsPage {
    /// The code that leads back to the dates chosen.
    fn qr(&self) -> Href {
        let qr = paths::public::calendars_qr();
        match (&self.chosen_alliance, &self.chosen_course) {
            (Some(slug), _) => qr.with("alliance", slug),
            (None, Some(slug)) => qr.with("course", slug),
            (None, None) => qr,
        }
    }
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
    let (alliances_gone, courses_gone) = (
        catalogue_merges::merged_alliances(&mut conn).await?,
        catalogue_merges::merged_courses(&mut conn).await?,
    );
    drop(conn);
    // One that became part of another is still subscribed to by its own short name.
    let alliance = alliance.map(|asked| {
        let gone = alliances_gone.iter().find(|(gone, _)| gone.as_str() == asked);
        gone.map_or(asked, |(_, kept)| kept.as_str())
    });
    let course = course.map(|asked| {
        let gone = courses_gone.iter().find(|(gone, _)| gone.as_str() == asked);
        gone.map_or(asked, |(_, kept)| kept.as_str())
    });
    let alliance = match asked::given(alliance) {
        None => None,
        Some(slug) => Some(
            alliances
                .iter()
                .find(|one| one.slug.as_str() == slug)
                .ok_or_else(|| Unusable::new("alliance", slug, NO_ALLIANCE))?,
        ),
    };
    let course = match asked::given(course) {
        None => None,
        Some(slug) => Some(
            courses
                .iter()
                .find(|one| one.slug.as_str() == slug)
                .ok_or_else(|| Unusable::new("course", slug, NO_COURSE))?,
        ),
    };
    let (path, name) = match (alliance, course) {
        (Some(one), _) => (paths::public::feed_of_alliance(&one.slug), one.name.clone()),
        (None, Some(one)) => (paths::public::feed_of_course(&one.slug), one.title.clone()),
        (None, None) => (paths::public::feed(), "all training".to_owned()),
    };
    let chosen_alliance = alliance.map(|one| one.slug.clone());
    let chosen_course = course.map(|one| one.slug.clone());
    Ok(Page::ok(CalendarsPage {
        chrome: desk.chrome(Area::Calendars),
        links: SubscribeLinks::to(&format!("{}{path}", desk.ctx.letterhead.base_url), &name),
        name,
        courses: courses.into_iter().map(|one| (one.slug, one.title)).collect(),
        alliances,
        chosen_alliance,
        chosen_course,
    }))
}

/// The way from a computer's screen to a phone: a code of the subscribe page.
#[get("/calendars/qr.svg?<alliance>&<course>")]
fn qr_code(
    desk: &State<Desk>,
    alliance: Option<&str>,
    course: Option<&str>,
) -> Result<Kept, Failure> {
    let alliance: Option<AllianceSlug> = asked::one("alliance", alliance, NO_ALLIANCE)?;
    let course: Option<CourseSlug> = asked::one("course", course, NO_COURSE)?;
    let page = match (alliance, course) {
        (Some(slug), _) => paths::public::calendars_of_alliance(&slug),
        (None, Some(slug)) => paths::public::calendars_of_course(&slug),
        (None, None) => paths::public::calendars(),
    };
    let page = format!("{}{page}", desk.ctx.letterhead.base_url);
    let drawn = qr::svg(&page).ok_or(Failure::NotFound)?;
    let headers = vec![("Cache-Control", "public, max-age=86400".to_owned())];
    let kind = ContentType::SVG;
    let head = Head { kind, last_modified: None, headers, compress: true, all_day: true };
    Ok(Kept::once(head, drawn))
}

pub fn routes() -> Vec<Route> {
    routes![how, qr_code]
}
