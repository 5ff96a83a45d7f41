//! Two people side by side, before they are made one.

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::know_people::{MergeError, merge_people},
    domain::{id::PersonId, person::Person, wording},
    store::{Window, people},
    web::{
        Desk, asked,
        failure::Failure,
        fields::Fields,
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, merge]
}

type Who = Granted<ManagePeople>;

#[derive(Template)]
#[template(path = "office/people/merge.html")]
struct MergePage {
    chrome: Chrome,
    kept: Person,
    /// Who becomes part of her; `None` while she is looked for.
    gone: Option<(Person, usize, i64)>,
    words: String,
    /// Who was found, or may be the same.
    found: Vec<Person>,
}

impl MergePage {
    fn action(&self) -> Href {
        paths::office::person_merge(&self.kept.id)
    }

    /// What moves from one to the other.
    fn moves(&self, places: &usize, led: &i64) -> String {
        let led = usize::try_from(*led).unwrap_or(0);
        format!(
            "{} and {}",
            wording::count(*places, "place", "places"),
            wording::count(led, "booking she led", "bookings she led")
        )
    }

    fn email(&self, person: &Person) -> String {
        person.email.as_ref().map_or_else(|| "no address".to_owned(), ToString::to_string)
    }
}

/// Whom to merge with, or words to find her by.
#[derive(Debug, FromForm)]
struct Other<'r> {
    with: Option<&'r str>,
    q: Option<&'r str>,
}

const A_PERSON: &str = "it is somebody else of the list";

#[get("/office/people/<id>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    other: Other<'_>,
) -> Result<Page<MergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let kept = person_for(&mut conn, &who, id).await?;
    let gone = match asked::one("with", other.with, A_PERSON)?.filter(|with| *with != id) {
        None => None,
        Some(with) => {
            let gone = person_for(&mut conn, &who, with).await?;
            let places = people::seats(&mut conn, with).await?.len();
            let led = people::led(&mut conn, with).await?;
            Some((gone, places, led))
        }
    };
    let words = other.q.unwrap_or_default().trim().to_owned();
    let found = if words.is_empty() {
        people::alike(&mut conn, &kept).await?
    } else {
        let within = (!who.reaches_everything()).then_some(&who.member.login);
        let window = Window { offset: 0, limit: 20 };
        let mut found = people::search(&mut conn, &words, within, window).await?.items;
        found.retain(|one| one.id != id);
        found
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(MergePage { chrome, kept, gone, words, found }))
}

#[post("/office/people/<id>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    person_for(&mut conn, &who, id).await?;
    let Some(with) = asked::one("with", Some(fields.get("with")), A_PERSON)? else {
        return Ok(Redirect::to(paths::office::person_merge(&id)));
    };
    person_for(&mut conn, &who, with).await?;
    drop(conn);
    match merge_people(&desk.ctx, &who.actor(), id, with).await {
        Ok(()) => Ok(Redirect::to(paths::office::person(&id).done("merged"))),
        Err(MergeError::NotTwo) => Ok(Redirect::to(paths::office::person_merge(&id))),
        Err(MergeError::Store(error)) => Err(error.into()),
    }
}
