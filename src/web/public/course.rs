//! A course's own page: what is taught, what comes before and after it, and when it runs.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Either, Route, State, get, http::uri::Origin, response::Redirect, routes};

use crate::{
    domain::{
        course::Course,
        id::CourseSlug,
        session::{BookingMode, Session},
        wording,
    },
    store::{Concern, Matter, catalogue, catalogue_merges},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths,
        public::{
            listed::{can_book, listed},
            places_words::PlacesWords,
        },
    },
};

/// A course.
#[derive(Debug, Template)]
#[template(path = "public/course.html")]
struct CoursePage {
    chrome: Chrome,
    course: Course,
    /// The courses that ask for this one first.
    leads_to: Vec<(CourseSlug, String)>,
    /// Its next date that can be booked.
    next: Option<Session>,
    /// When it runs, in order of time.
    sessions: Vec<Session>,
    now: DateTime<Utc>,
}

impl CoursePage {
    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    fn closes(&self, session: &Session) -> String {
        let closes = session.closes_at().map(|at| wording::moment(at, session.zone()));
        closes.map_or_else(String::new, |at| format!("Book by {at}"))
    }

    /// `12 hours of learning`, `1.5 hours of learning`.
    fn hours(&self) -> String {
        match self.course.learning_minutes {
            60 => "1 hour of learning".to_owned(),
            minutes => format!("{} hours of learning", f64::from(minutes) / 60.0),
        }
    }
}

#[get("/courses/<slug>")]
async fn course(
    desk: &State<Desk>,
    slug: CourseSlug,
    address: &Origin<'_>,
) -> Result<Either<Kept, Redirect>, Failure> {
    let draw = async || {
        let page = course_page(desk, &slug).await?;
        let concern =
            Concern { facts: vec![Matter::Everything], places: vec![Matter::Course(slug.clone())] };
        Ok::<_, Failure>((Head::page(), render(&page)?, concern))
    };
    match desk.kept(address.path().as_str(), draw).await {
        Err(Failure::NotFound) => {
            let mut conn = desk.ctx.store.read().await?;
            let kept = catalogue_merges::successor_of_course(&mut conn, &slug).await?;
            let kept = kept.ok_or(Failure::NotFound)?;
            Ok(Either::Right(Redirect::moved(paths::public::course(&kept))))
        }
        page => Ok(Either::Left(page?)),
    }
}

async fn course_page(desk: &Desk, slug: &CourseSlug) -> Result<CoursePage, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let all = catalogue::courses(&mut conn).await?;
    let mut sessions = listed(desk, &mut conn).await?;
    drop(conn);
    let asks = |one: &&Course| one.prerequisites.iter().any(|before| before.slug == *slug);
    let leads_to = all.iter().filter(asks).map(|one| (one.slug.clone(), one.title.clone()));
    let leads_to = leads_to.collect();
    let course = all.into_iter().find(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
    sessions.retain(|session| session.course.slug == *slug);
    let next = sessions.iter().find(|session| can_book(session, now)).cloned();
    let chrome = desk.chrome(Area::Find);
    Ok(CoursePage { chrome, course, leads_to, next, sessions, now })
}

pub fn routes() -> Vec<Route> {
    routes![course]
}
