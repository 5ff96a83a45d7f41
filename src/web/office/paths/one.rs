//! Somebody on a path is taken off, moved to its newer version, or given her certificate.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{Who, path_for};
use crate::{
    actions::path::{
        finish::finish_path,
        put_on::{PathError, move_to_latest, take_off_path},
    },
    domain::{
        id::{PathSlug, PersonId},
        person::Person,
    },
    store::{Conn, path_people, paths::PathFound},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        office::addressed::person_for,
        page::{Area, Chrome, Page},
        path_reason::{ReasonField, reason},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_off, off, newer, finish]
}

#[derive(Template)]
#[template(path = "office/paths/off.html")]
struct OffPage {
    chrome: Chrome,
    found: PathFound,
    person: Person,
    form: FormState<ReasonField>,
}

/// Somebody on a path, for whoever may see both.
async fn both(
    conn: &mut Conn,
    who: &Who,
    (slug, id): (&PathSlug, PersonId),
) -> Result<(PathFound, Person), Failure> {
    let found = path_for(conn, who, slug).await?;
    let person = person_for(conn, who, id).await?;
    path_people::on(conn, slug, id).await?.ok_or(PathError::NotOnIt)?;
    Ok((found, person))
}

#[get("/office/paths/<slug>/people/<id>/off")]
async fn ask_off(
    desk: &State<Desk>,
    who: Who,
    slug: PathSlug,
    id: PersonId,
) -> Result<Page<OffPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (found, person) = both(&mut conn, &who, (&slug, id)).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(OffPage { chrome, found, person, form: FormState::default() }))
}

#[post("/office/paths/<slug>/people/<id>/off", data = "<fields>")]
async fn off(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
    id: PersonId,
    fields: Fields,
) -> Result<Result<Redirect, Page<OffPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (found, person) = both(&mut conn, &who, (&slug, id)).await?;
    drop(conn);
    let mut form = FormState::sent(&fields);
    let Some(reason) = reason(&mut form, "she is taken off") else {
        let chrome = desk.signed_in_chrome(Area::Office, &who.member);
        return Ok(Err(Page::unprocessable(OffPage { chrome, found, person, form })));
    };
    let is_told = take_off_path(&desk.ctx, &who.actor(), &slug, (id, &reason)).await?;
    let done = if is_told { "off" } else { "off-untold" };
    Ok(Ok(Redirect::to(paths::path::show(&slug).done(done))))
}

#[post("/office/paths/<slug>/people/<id>/newer")]
async fn newer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
    id: PersonId,
) -> Result<Redirect, Failure> {
    both(&mut desk.ctx.store.read().await?, &who, (&slug, id)).await?;
    let is_told = move_to_latest(&desk.ctx, &who.actor(), &slug, id).await?;
    let done = if is_told { "newer" } else { "newer-untold" };
    Ok(Redirect::to(paths::path::person(&id).done(done)))
}

#[post("/office/paths/<slug>/people/<id>/certificate")]
async fn finish(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
    id: PersonId,
) -> Result<Redirect, Failure> {
    both(&mut desk.ctx.store.read().await?, &who, (&slug, id)).await?;
    let granted = finish_path(&desk.ctx, &who.actor(), &slug, id).await;
    granted.map_err(|error| Failure::from(error).leads(paths::path::person(&id), "Her path"))?;
    Ok(Redirect::to(paths::path::person(&id).done("granted")))
}
