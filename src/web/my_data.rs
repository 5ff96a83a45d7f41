//! What is held about whoever asks: a link to it is sent from her booking's page, and behind that link she sees
//! it, takes it with her, or has it erased (P2).

use askama::Template;
use rocket::{Either, Route, State, get, post, routes};

use crate::{
    actions::people::{
        ask_own_data::{AskError, Asking, ask_own_data, opened_by},
        erase_person::{EraseError, Preview, erase_person, preview},
        own_data::hand_out,
    },
    domain::{audit::Actor, id::PersonId, wording},
    token::Token,
    web::{
        Desk,
        attendee::opened::opened,
        download::Download,
        failure::Failure,
        guard::SameOrigin,
        leader::opened::booked,
        own_data::zipped,
        page::{Area, Chrome, Page},
        paths,
        refusal::LinkEnded,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_as_leader, ask_as_attendee, show, download, erase]
}

/// A link is on its way, or why not.
#[derive(Debug, Template)]
#[template(path = "my_data/sent.html")]
struct SentPage {
    chrome: Chrome,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "my_data/show.html")]
struct MyDataPage {
    chrome: Chrome,
    token: Token,
    seen: Preview,
    refused: Option<String>,
}

impl MyDataPage {
    fn places(&self) -> String {
        wording::count(self.seen.places, "place", "places")
    }

    fn bookings(&self) -> String {
        wording::count(self.seen.bookings, "booking you made", "bookings you made")
    }

    fn letters(&self) -> String {
        wording::count(usize::try_from(self.seen.letters).unwrap_or(0), "letter", "letters")
    }
}

/// Nothing is left.
#[derive(Debug, Template)]
#[template(path = "my_data/erased.html")]
struct ErasedPage {
    chrome: Chrome,
}

async fn asked(desk: &Desk, asking: Asking) -> Result<Page<SentPage>, Failure> {
    let chrome = desk.private_chrome(Area::Booking);
    match ask_own_data(&desk.ctx, asking).await {
        Ok(()) => Ok(Page::ok(SentPage { chrome, refused: None })),
        Err(AskError::Store(error)) => Err(error.into()),
        Err(refused @ (AskError::Unclear | AskError::TooMany)) => {
            Ok(Page::conflict(SentPage { chrome, refused: Some(refused.to_string()) }))
        }
    }
}

#[post("/r/<token>/my-data")]
async fn ask_as_leader(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<SentPage>, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    asked(desk, Asking::Leader(registration.id)).await
}

#[post("/p/<token>/my-data")]
async fn ask_as_attendee(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<SentPage>, Failure> {
    let opened = opened(desk, &token).await?;
    asked(desk, Asking::Attendee(opened.place.id)).await
}

async fn whose(desk: &Desk, token: &Token) -> Result<PersonId, Failure> {
    opened_by(&desk.ctx, token).await?.ok_or_else(|| Failure::from(LinkEnded))
}

async fn page(desk: &Desk, token: Token, refused: Option<String>) -> Result<MyDataPage, Failure> {
    let id = whose(desk, &token).await?;
    let seen = preview(&desk.ctx, id).await?.ok_or_else(|| Failure::from(LinkEnded))?;
    Ok(MyDataPage { chrome: desk.private_chrome(Area::Booking), token, seen, refused })
}

#[get("/my-data/<token>")]
async fn show(desk: &State<Desk>, token: Token) -> Result<Page<MyDataPage>, Failure> {
    Ok(Page::ok(page(desk, token, None).await?))
}

#[post("/my-data/<token>")]
async fn download(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Download, Failure> {
    let id = whose(desk, &token).await?;
    let data = hand_out(&desk.ctx, &Actor::Attendee, id).await?;
    let data = data.ok_or_else(|| Failure::from(LinkEnded))?;
    Download::zip("what-we-hold", zipped(&data, &desk.ctx.controller, desk.ctx.now()))
}

#[post("/my-data/<token>/erase")]
async fn erase(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Either<Page<ErasedPage>, Page<MyDataPage>>, Failure> {
    let id = whose(desk, &token).await?;
    match erase_person(&desk.ctx, &Actor::Attendee, id).await {
        // No redirect: the address it would lead to opens nothing any more.
        Ok(_) | Err(EraseError::Nothing) => {
            let chrome = desk.private_chrome(Area::Booking);
            Ok(Either::Left(Page::ok(ErasedPage { chrome })))
        }
        Err(EraseError::Store(error)) => Err(error.into()),
        Err(refused @ (EraseError::LeadsOthers(..) | EraseError::Settled(_))) => {
            let page = page(desk, token, Some(refused.to_string())).await?;
            Ok(Either::Right(Page::conflict(page)))
        }
    }
}
