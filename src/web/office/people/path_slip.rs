//! A slip of paper with somebody's link to her path, for whoever cannot be written to. The link is shown this once.

use askama::Template;
use rocket::{Route, State, post, routes};

use crate::{
    actions::path::{put_on::PathError, send_link::print_path_link},
    domain::{id::PersonId, person::Person},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        page::{Area, Chrome, Page},
        paths, qr,
    },
};

pub fn routes() -> Vec<Route> {
    routes![print]
}

#[derive(Template)]
#[template(path = "office/people/path_slip.html")]
struct PathSlipPage {
    chrome: Chrome,
    person: Person,
    url: String,
}

impl PathSlipPage {
    fn code(&self) -> Option<String> {
        qr::svg(&self.url)
    }
}

#[post("/office/people/<id>/path/slip")]
async fn print(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManagePeople>,
    id: PersonId,
) -> Result<Page<PathSlipPage>, Failure> {
    let person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let link = print_path_link(&desk.ctx, &who.actor(), id).await?;
    let link = link.ok_or_else(|| {
        Failure::from(PathError::NotOnIt).leads(paths::path::person(&id), "Her path")
    })?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(PathSlipPage { chrome, url: desk.ctx.path_url(&link), person }))
}
