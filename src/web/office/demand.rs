//! Who waits for which course, by place: where a date would be welcome.

use std::collections::HashMap;

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{course::Course, id::CourseSlug, wording},
    store::{
        Conn, StoreError, catalogue,
        interests::{self, CourseDemand},
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, PlanSessions},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

/// One course that people wait for.
#[derive(Debug, Clone)]
pub struct Waited {
    pub course: Course,
    pub lines: Vec<CourseDemand>,
}

impl Waited {
    pub fn people(&self) -> usize {
        self.lines.iter().map(|one| one.people).sum()
    }

    /// `5 people wait for a date`.
    pub fn words(&self) -> String {
        let people = wording::count(self.people(), "person waits", "people wait");
        format!("{people} for a date")
    }
}

/// The courses that people wait for, the most first.
pub async fn waited(conn: &mut Conn) -> Result<Vec<Waited>, StoreError> {
    let mut demand: HashMap<CourseSlug, Vec<CourseDemand>> = interests::demand(conn).await?;
    let courses = catalogue::courses(conn).await?.into_iter();
    let lines = courses.filter_map(|course| {
        let lines = demand.remove(&course.slug)?;
        Some(Waited { course, lines })
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|one| std::cmp::Reverse(one.people()));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "office/demand.html")]
struct DemandPage {
    chrome: Chrome,
    waited: Vec<Waited>,
}

#[get("/office/waiting-for-a-date")]
async fn show(desk: &State<Desk>, who: Granted<PlanSessions>) -> Result<Page<DemandPage>, Failure> {
    let waited = waited(&mut desk.ctx.store.read().await?).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(DemandPage { chrome, waited }))
}
