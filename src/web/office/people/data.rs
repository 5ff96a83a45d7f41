//! What is held about somebody: handed out as a file, or erased once it was shown what would go (P2).

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::{
        erase_person::{EraseError, Preview, erase_person, preview},
        own_data::hand_out,
    },
    domain::{id::PersonId, wording},
    web::{
        Desk,
        download::Download,
        failure::Failure,
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        own_data::zipped,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, download, erase]
}

type Who = Granted<ManagePeople>;

#[derive(Template)]
#[template(path = "office/people/data.html")]
struct PersonDataPage {
    chrome: Chrome,
    seen: Preview,
    /// Why she was not erased just now.
    refused: Option<String>,
}

impl PersonDataPage {
    fn places(&self) -> String {
        wording::count(self.seen.places, "place", "places")
    }

    fn bookings(&self) -> String {
        wording::count(self.seen.bookings, "booking she led", "bookings she led")
    }

    fn walk_ins(&self) -> String {
        wording::count(self.seen.walk_ins, "day without a booking", "days without a booking")
    }

    fn letters(&self) -> String {
        wording::count(usize::try_from(self.seen.letters).unwrap_or(0), "letter", "letters")
    }

    fn others(&self, others: &i64) -> String {
        wording::count(usize::try_from(*others).unwrap_or(0), "person", "people")
    }
}

/// What would go; nobody's where there is nothing any more.
async fn seen(desk: &Desk, who: &Who, id: PersonId) -> Result<Preview, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    person_for(&mut conn, who, id).await?;
    drop(conn);
    preview(&desk.ctx, id).await?.ok_or(Failure::NotFound)
}

fn page(desk: &Desk, who: &Who, seen: Preview, refused: Option<String>) -> PersonDataPage {
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    PersonDataPage { chrome, seen, refused }
}

#[get("/office/people/<id>/data")]
async fn show(desk: &State<Desk>, who: Who, id: PersonId) -> Result<Page<PersonDataPage>, Failure> {
    let seen = seen(desk, &who, id).await?;
    Ok(Page::ok(page(desk, &who, seen, None)))
}

#[post("/office/people/<id>/data")]
async fn download(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
) -> Result<Download, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    person_for(&mut conn, &who, id).await?;
    drop(conn);
    let data = hand_out(&desk.ctx, &who.actor(), id).await?.ok_or(Failure::NotFound)?;
    Download::zip("what-is-held", zipped(&data, &desk.ctx.controller, desk.ctx.now()))
}

#[post("/office/people/<id>/erase")]
async fn erase(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
) -> Result<Either<Redirect, Page<PersonDataPage>>, Failure> {
    let seen = seen(desk, &who, id).await?;
    match erase_person(&desk.ctx, &who.actor(), id).await {
        Ok(_) => Ok(Either::Left(Redirect::to(paths::office::people().done("erased")))),
        Err(EraseError::Nothing) => Err(Failure::NotFound),
        Err(EraseError::Store(error)) => Err(error.into()),
        Err(refused @ (EraseError::LeadsOthers(..) | EraseError::Settled(_))) => {
            let page = page(desk, &who, seen, Some(refused.to_string()));
            Ok(Either::Right(Page::conflict(page)))
        }
    }
}
