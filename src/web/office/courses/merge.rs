//! Courses that are there twice, before they are made one.

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::merge_catalogue::{MergeCatalogueError, merge_courses},
    domain::{course::Course, id::CourseSlug, likeness::are_alike, wording},
    store::{Conn, catalogue, catalogue_merges},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManageCourses, SameOrigin},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, merge]
}

type Who = Granted<ManageCourses>;

/// Two courses side by side, or the choice of the second.
#[derive(Template)]
#[template(path = "office/courses/merge.html")]
struct CourseMergePage {
    chrome: Chrome,
    kept: Course,
    /// Which becomes part of it, and what moves; `None` while it is chosen.
    gone: Option<(Course, String)>,
    /// The others, those first that are called alike.
    others: Vec<Course>,
}

impl CourseMergePage {
    fn action(&self) -> Href {
        paths::records::course_merge(&self.kept.slug)
    }
}

/// What moves from one to the other.
fn moves([institutions, sessions, others]: [i64; 3]) -> String {
    let count = |number: i64, one: &str, many: &str| {
        wording::count(usize::try_from(number).unwrap_or(0), one, many)
    };
    wording::list(&[
        count(institutions, "session", "sessions").as_str(),
        count(sessions, "line about who did it", "lines about who did it").as_str(),
        count(others, "course that asks for it first", "courses that ask for it first").as_str(),
    ])
}

const ONE: &str = "it is the short name of another course";

#[derive(Debug, FromForm)]
struct Other<'r> {
    with: Option<&'r str>,
}

/// The one in the address, and the others.
async fn all(conn: &mut Conn, slug: &CourseSlug) -> Result<(Course, Vec<Course>), Failure> {
    let mut others = catalogue::courses(conn).await?;
    let at = others.iter().position(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
    let kept = others.remove(at);
    others.sort_by_key(|one| !are_alike(&one.title, &kept.title));
    Ok((kept, others))
}

#[get("/office/courses/<slug>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    slug: CourseSlug,
    other: Other<'_>,
) -> Result<Page<CourseMergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (kept, others) = all(&mut conn, &slug).await?;
    let with: Option<CourseSlug> = asked::one("with", other.with, ONE)?;
    let gone = match with.and_then(|with| others.iter().find(|one| one.slug == with).cloned()) {
        Some(gone) => {
            let hanging = catalogue_merges::hanging_on_course(&mut conn, &gone.slug).await?;
            Some((gone, moves(hanging)))
        }
        None => None,
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(CourseMergePage { chrome, kept, gone, others }))
}

#[post("/office/courses/<slug>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: CourseSlug,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let again = Redirect::to(paths::records::course_merge(&slug));
    let with: Option<CourseSlug> = asked::one("with", Some(fields.get("with")), ONE)?;
    let Some(with) = with else { return Ok(again) };
    match merge_courses(&desk.ctx, &who.actor(), &slug, &with).await {
        Ok(0) => Ok(Redirect::to(paths::office::courses().done("saved"))),
        Ok(people) => {
            Ok(Redirect::to(paths::office::courses().done(format_args!("saved-{people}"))))
        }
        Err(MergeCatalogueError::NotTwo) => Ok(again),
        Err(MergeCatalogueError::Store(error)) => Err(error.into()),
    }
}
