//! What the public can find, and which part of it is asked for.

use rocket::FromForm;

use crate::{
    domain::{
        catalogue_filter::CatalogueFilter,
        session::{BookingStatus, Publication, Session},
    },
    store::{Concern, Conn, Matter, StoreError, sessions},
    web::Desk,
};

/// How many sessions a page of the catalogue shows.
pub const PAGE: usize = 20;

/// What the address asks for. A value that makes no sense narrows nothing.
#[derive(Debug, FromForm)]
pub struct CatalogueQuery<'r> {
    pub q: Option<&'r str>,
    alliance: Option<&'r str>,
    course: Option<&'r str>,
    month: Option<&'r str>,
    format: Option<&'r str>,
    page: Option<&'r str>,
}

impl CatalogueQuery<'_> {
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

    /// What a list of these sessions concerns: how full those are that it may show, and facts of all,
    /// which its choices and counts come from.
    pub fn concern(&self) -> Concern {
        let filter = self.filter();
        let one_course = filter.course.map(Matter::Course);
        let places = one_course.or_else(|| filter.alliance.map(Matter::Alliance));
        let places = places.unwrap_or(Matter::Everything);
        Concern { facts: vec![Matter::Everything], places: vec![places] }
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

pub fn can_book(session: &Session, now: chrono::DateTime<chrono::Utc>) -> bool {
    matches!(session.booking_status(now), BookingStatus::Open { .. })
        && session.occupancy.open_to_all() > 0
}
