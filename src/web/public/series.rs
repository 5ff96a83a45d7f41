//! Evenings that can be booked as one, with what is left of each.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, http::uri::Origin, routes};

use crate::{
    domain::{
        id::SeriesId,
        series::{Bookable, Series},
        session::{BookingMode, Session},
        wording,
    },
    store::{Concern, Matter, series},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths,
        public::places_words::PlacesWords,
    },
};

/// A series.
#[derive(Debug, Template)]
#[template(path = "public/series.html")]
struct SeriesPage {
    chrome: Chrome,
    /// The first of its evenings, which says what all are about.
    first: Session,
    series: Series,
    now: DateTime<Utc>,
}

impl SeriesPage {
    fn evenings(&self) -> Vec<&Session> {
        self.series.seen()
    }

    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    /// How many can be booked now.
    fn offered(&self) -> usize {
        self.series.offered(self.now).len()
    }

    fn is_whole(&self) -> bool {
        self.series.bookable == Bookable::Whole
    }

    /// Whether some of it was, so that a booking is of the rest.
    fn has_begun(&self) -> bool {
        self.series.seen().iter().any(|one| one.starts_at().is_some_and(|at| at <= self.now))
    }

    /// Whether lists show it.
    fn is_listed(&self) -> bool {
        self.first.is_listed()
    }

    fn button(&self) -> &'static str {
        match (self.is_whole(), self.has_begun()) {
            (true, false) => "Book the whole series",
            (true, true) => "Book the rest of the series",
            (false, _) => "Book all the evenings, or choose some",
        }
    }
}

#[get("/series/<id>")]
async fn show(desk: &State<Desk>, id: SeriesId, address: &Origin<'_>) -> Result<Kept, Failure> {
    let draw = async || {
        let mut conn = desk.ctx.store.read().await?;
        let series = series::find(&mut conn, &id).await?.ok_or(Failure::NotFound)?;
        drop(conn);
        let first = series.seen().first().map(|one| (*one).clone()).ok_or(Failure::NotFound)?;
        let concern = Concern::all(vec![Matter::Course(first.course.slug.clone())]);
        let chrome = desk.chrome(Area::Find);
        let page = SeriesPage { chrome, first, series, now: desk.ctx.now() };
        Ok::<_, Failure>((Head::page(), render(&page)?, concern))
    };
    desk.kept(address.path().as_str(), draw).await
}

pub fn routes() -> Vec<Route> {
    routes![show]
}
