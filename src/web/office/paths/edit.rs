//! Adding or changing a path, and publishing it.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    Who,
    form::{Choice, Field, PathForm, course_field, empty, filled, order_field, read},
    may_change, path_for,
};
use crate::{
    actions::{
        edit::EditError,
        path::keep_path::{add_path, change_path, publish_path},
    },
    domain::{
        alliance::Alliance, audit::AuditedRecord, course::Course, edit::Listed, id::PathSlug,
        path::PathVersion,
    },
    store::{Conn, catalogue, paths::PathFound},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, WholeForm, edited},
        guard::SameOrigin,
        office::edits::{self, EditLine},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{clock_of, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new, add, show, save, publish]
}

#[derive(Template)]
#[template(path = "office/paths/edit.html")]
struct EditPage {
    chrome: Chrome,
    heading: String,
    action: Href,
    /// Where the reader came from.
    back: Href,
    /// Its latest version; `None` for a new path.
    version: Option<PathVersion>,
    form: PathForm,
    courses: Vec<Course>,
    alliances: Vec<Alliance>,
    /// Whether it may be all alliances'.
    may_be_all: bool,
    edits: Vec<EditLine>,
}

impl EditPage {
    fn course(&self, course: &Course) -> String {
        course_field(&course.slug)
    }

    fn order(&self, course: &Course) -> String {
        order_field(&course.slug)
    }

    /// What is said of a course.
    fn choice(&self, course: &Course) -> Choice {
        self.form.choice(&course.slug)
    }

    fn of(&self) -> Vec<(&str, &str)> {
        let all = self.may_be_all.then_some(("", "All alliances"));
        let alliances = self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str()));
        all.into_iter().chain(alliances).collect()
    }

    /// The number that a change of what counts gives it.
    fn next(&self) -> Option<u32> {
        let version = self.version.as_ref().filter(|one| one.published_at.is_some())?;
        Some(version.number + 1)
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    conn: &mut Conn,
    known: Option<&PathFound>,
    form: PathForm,
) -> Result<EditPage, Failure> {
    let alliances = catalogue::alliances(conn).await?;
    let archived = catalogue::archived_courses(conn).await?;
    let mut courses = catalogue::courses(conn).await?;
    // What is archived counts on where it counted.
    courses.retain(|one| {
        !archived.contains(&one.slug) || known.is_some_and(|path| path.path.rules.counts(&one.slug))
    });
    let edits = match known {
        Some(found) => {
            let about = AuditedRecord::Path(found.path.slug.clone());
            edits::of(conn, about, clock_of(&who.member, &alliances)).await?
        }
        None => Vec::new(),
    };
    let slug = known.map(|found| &found.path.slug);
    Ok(EditPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        heading: known.map_or_else(|| "New path".to_owned(), |found| found.path.name.clone()),
        action: slug.map_or_else(paths::path::new, paths::path::edit),
        back: slug.map_or_else(paths::path::list, paths::path::show),
        version: known.and_then(|found| found.versions.last().cloned()),
        form,
        courses,
        may_be_all: who.reaches_everything(),
        alliances: alliances.into_iter().filter(|one| who.reaches(&one.slug)).collect(),
        edits,
    })
}

type Saved = Result<Redirect, Page<EditPage>>;

#[get("/office/new-path")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<EditPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    Ok(Page::ok(page(desk, &who, &mut conn, None, empty(desk.attempt())).await?))
}

#[post("/office/new-path", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let courses = catalogue::courses(&mut conn).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let (form, path) = read(&fields, &who, None, (&courses, &alliances));
    let Some(path) = path else {
        return Ok(Err(Page::unprocessable(page(desk, &who, &mut conn, None, form).await?)));
    };
    drop(conn);
    let slug = add_path(&desk.ctx, &who.actor(), &path, fields.attempt().as_ref()).await?;
    Ok(Ok(Redirect::to(paths::path::show(&slug).done("added"))))
}

#[get("/office/paths/<slug>/edit")]
async fn show(desk: &State<Desk>, who: Who, slug: PathSlug) -> Result<Page<EditPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = changeable(&mut conn, &who, &slug).await?;
    let listed = Listed { record: found.path.clone(), is_archived: found.archived_at.is_some() };
    Ok(Page::ok(page(desk, &who, &mut conn, Some(&found), filled(&listed)).await?))
}

/// The path in an address, for somebody who may change it.
async fn changeable(conn: &mut Conn, who: &Who, slug: &PathSlug) -> Result<PathFound, Failure> {
    let found = path_for(conn, who, slug).await?;
    if may_change(who, &found) { Ok(found) } else { Err(Failure::Forbidden) }
}

#[post("/office/paths/<slug>/edit", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = changeable(&mut conn, &who, &slug).await?;
    let courses = catalogue::courses(&mut conn).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let (form, path) = read(&fields, &who, Some(&found.path), (&courses, &alliances));
    let Some(path) = path else {
        return Ok(Err(Page::unprocessable(
            page(desk, &who, &mut conn, Some(&found), form).await?,
        )));
    };
    drop(conn);
    let sent = Listed { record: path, is_archived: fields.has(Field::Archived, "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match change_path(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(number) => {
            let before = found.versions.last().map_or(0, |one| one.number);
            let done =
                if number == before { "saved".to_owned() } else { format!("version-{number}") };
            Ok(Ok(Redirect::to(paths::path::show(&slug).done(done))))
        }
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let reader = (&actor, zone_of(&who.member, &alliances));
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Name);
            edited::tell_of(&mut conn, &mut form.state, &conflicts, reader, field).await?;
            Ok(Err(Page::conflict(page(desk, &who, &mut conn, Some(&found), form).await?)))
        }
    }
}

#[post("/office/paths/<slug>/publish")]
async fn publish(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
) -> Result<Redirect, Failure> {
    changeable(&mut desk.ctx.store.read().await?, &who, &slug).await?;
    let done = publish_path(&desk.ctx, &who.actor(), &slug).await?;
    let here = paths::path::show(&slug);
    Ok(Redirect::to(if done { here.done("published") } else { here }))
}
