//! What is handed out on every session of a course.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use super::add::{Brought, HandoutField, add, empty, notice};
use crate::{
    domain::{
        course::Course,
        handout::{HandedOut, Handout},
        id::CourseSlug,
    },
    store::{catalogue, handouts},
    web::{
        Desk,
        failure::Failure,
        forms::FormState,
        guard::{Granted, ManageCourses, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, bring]
}

type Who = Granted<ManageCourses>;

#[derive(Template)]
#[template(path = "office/handouts/of_course.html")]
struct HandoutsPage {
    chrome: Chrome,
    notice: Option<&'static str>,
    course: Course,
    own: Vec<Handout>,
    form: FormState<HandoutField>,
}

async fn page(
    desk: &Desk,
    who: &Who,
    slug: &CourseSlug,
    form: FormState<HandoutField>,
) -> Result<HandoutsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let all = catalogue::courses(&mut conn).await?;
    let course = all.into_iter().find(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
    let own = handouts::of(&mut conn, &HandedOut::Course(slug.clone())).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(HandoutsPage { chrome, notice: None, course, own, form })
}

#[get("/office/courses/<slug>/handouts?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    slug: CourseSlug,
    done: Option<&str>,
) -> Result<Page<HandoutsPage>, Failure> {
    let page = page(desk, &who, &slug, empty(desk)).await?;
    Ok(Page::ok(HandoutsPage { notice: notice(done), ..page }))
}

#[post("/office/courses/<slug>/handouts", data = "<upload>")]
async fn bring(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: CourseSlug,
    upload: Brought,
) -> Result<Either<Redirect, Page<HandoutsPage>>, Failure> {
    // A course that is gone takes nothing.
    page(desk, &who, &slug, FormState::default()).await?;
    match add(desk, &who.actor(), HandedOut::Course(slug.clone()), upload).await? {
        Ok(()) => Ok(Either::Left(Redirect::to(paths::handouts::of_course(&slug).done("added")))),
        Err(form) => {
            let page = page(desk, &who, &slug, form).await?;
            Ok(Either::Right(Page::unprocessable(page)))
        }
    }
}
