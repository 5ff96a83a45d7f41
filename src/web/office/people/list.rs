//! The people we know.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::person::Person,
    store::{institutions, people},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManagePeople},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

/// Said after somebody was erased; the log keeps that it was done, and not whom.
const ERASED: &str = "Erased. What was still to be told is on its way.";

type Who = Granted<ManagePeople>;

/// A list of people.
#[derive(Template)]
#[template(path = "office/people/list.html")]
struct PeoplePage {
    chrome: Chrome,
    notice: Option<String>,
    words: String,
    /// Each with the name of her institution.
    people: Listing<(Person, String)>,
}

impl PeoplePage {
    fn about(&self, person: &Person, institution: &str) -> String {
        let email = person.email.as_ref().map(ToString::to_string);
        let parts = [institution.to_owned(), email.unwrap_or_default()];
        let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if known.is_empty() { "No address, no institution".to_owned() } else { known.join(", ") }
    }
}

#[get("/office/people?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<PeoplePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page)?;
    let found = people::search(&mut conn, asked.words(), within, paging::window(page)).await?;
    let listed = institutions::all(&mut conn).await?;
    let found = Listing::found(found, page, paths::office::people(), &[("q", asked.words())])?;
    let people = found.map(|person| {
        let institution = listed.iter().find(|one| Some(&one.code) == person.institution.as_ref());
        let name = institution.map_or_else(String::new, |one| one.name.clone());
        (person, name)
    });
    Ok(Page::ok(PeoplePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: asked.done.filter(|done| *done == "erased").map(|_| ERASED.to_owned()),
        words: asked.words().to_owned(),
        people,
    }))
}
