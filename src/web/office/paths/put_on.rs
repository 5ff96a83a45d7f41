//! Somebody is put on a path: by her record, or by her name.

use rocket::{Route, State, post, response::Redirect, routes};

use super::{
    Who, path_for,
    show::{Asked, PathPage, WalkerField, page},
};
use crate::{
    actions::path::put_on::{PathError, Whom, put_on_path},
    domain::{
        id::{PathSlug, PersonId},
        person::Person,
    },
    store::{Conn, institutions},
    token::row_id,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        page::Page,
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![put_on]
}

/// Who is meant, as far as the form says so.
async fn whom(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    (fields, form): (&Fields, &mut FormState<WalkerField>),
) -> Result<Option<Whom>, Failure> {
    if !fields.get("person").trim().is_empty() {
        let id: Option<PersonId> = fields.get("person").trim().parse().ok();
        if id.is_none() {
            form.fault(WalkerField::Name, "Choose somebody we know, or type her name");
        }
        return Ok(id.map(Whom::Known));
    }
    let name = form.line(WalkerField::Name, "her name");
    let email = form.optional_email(WalkerField::Email, "the email address");
    let institution = match fields.of(WalkerField::Institution).trim() {
        "" => None,
        typed => {
            let code = typed.parse().ok();
            let found = match &code {
                Some(code) => institutions::find(conn, code).await?,
                None => None,
            };
            let found = found.filter(|one| who.reaches(&one.alliance));
            if found.is_none() {
                form.fault(WalkerField::Institution, "Choose an institution from the list");
            }
            found.map(|one| one.code)
        }
    };
    if form.is_valid() && institution.is_none() && !who.reaches_everything() {
        form.fault(
            WalkerField::Institution,
            "Choose her institution: you look after people of your alliances",
        );
    }
    let Some(name) = name.filter(|_| form.is_valid()) else { return Ok(None) };
    let id = PersonId::new(row_id(&*desk.ctx.random, &*desk.ctx.clock));
    let (known_since, phone) = (desk.ctx.now(), None);
    let (archived_at, merged_into) = (None, None);
    let new = Person { id, name, email, phone, institution, known_since, archived_at, merged_into };
    Ok(Some(Whom::Named(Box::new(new))))
}

#[post("/office/paths/<slug>/people", data = "<fields>")]
async fn put_on(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: PathSlug,
    fields: Fields,
) -> Result<Result<Redirect, Page<PathPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    path_for(&mut conn, &who, &slug).await?;
    let mut form = FormState::sent(&fields);
    let since = match fields.of(WalkerField::Since).trim() {
        "" => Some(desk.ctx.now().date_naive()),
        typed => typed.parse().ok(),
    };
    if since.is_none() {
        form.fault(WalkerField::Since, "Enter a day, such as 2026-10-03");
    }
    let whom = whom(desk, &mut conn, &who, (&fields, &mut form)).await?;
    drop(conn);
    let (Some(whom), Some(since)) = (whom, since) else {
        let again = page(desk, &who, &slug, Asked::default(), form).await?;
        return Ok(Err(Page::unprocessable(again)));
    };
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    match put_on_path(&desk.ctx, &who.actor(), (&slug, since), (&whom, within)).await {
        Ok(person) if fields.is("back", "person") => {
            Ok(Ok(Redirect::to(paths::path::person(&person).done("on"))))
        }
        Ok(_) => Ok(Ok(Redirect::to(paths::path::show(&slug).done("on")))),
        Err(PathError::Store(error)) => Err(error.into()),
        Err(error) => {
            let is_to_come = matches!(error, PathError::ToCome);
            let field = if is_to_come { WalkerField::Since } else { WalkerField::Name };
            form.fault(field, in_words(&error.to_string()));
            let again = page(desk, &who, &slug, Asked::default(), form).await?;
            Ok(Err(Page::conflict(again)))
        }
    }
}
