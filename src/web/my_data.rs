//! What is held about whoever asks: a link to it is sent from her booking's page, and behind that link she sees
//! it, takes it with her, or has it erased (P2).

use askama::Template;
use rocket::{Either, Route, State, get, post, routes};

use crate::{
    actions::people::{
        ask_own_data::{AskOwnDataError, Asking, ask_own_data, opened_by},
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
        paths::{self, Href},
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
    /// The page she asked on.
    back: Href,
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
    /// `2 places, 1 booking you made and 8 letters`, without what there is none of.
    fn held(&self) -> String {
        let letters = usize::try_from(self.seen.letters).unwrap_or(0);
        let all = [
            (self.seen.places, "place", "places"),
            (self.seen.bookings, "booking you made", "bookings you made"),
            (
                self.seen.walk_ins,
                "day you came without a booking",
                "days you came without a booking",
            ),
            (letters, "letter", "letters"),
        ];
        let there = all.into_iter().filter(|(count, ..)| *count > 0);
        wording::list(
            &there.map(|(count, one, many)| wording::count(count, one, many)).collect::<Vec<_>>(),
        )
    }

    /// The bookings she made for others who are still to come.
    fn leads(&self) -> String {
        let references = self.seen.leads.iter().map(|(reference, _)| reference.to_string());
        wording::list(&references.collect::<Vec<_>>())
    }
}

/// Nothing is left.
#[derive(Debug, Template)]
#[template(path = "my_data/erased.html")]
struct ErasedPage {
    chrome: Chrome,
}

async fn asked(desk: &Desk, asking: Asking, back: Href) -> Result<Page<SentPage>, Failure> {
    let chrome = desk.private_chrome(Area::Booking);
    match ask_own_data(&desk.ctx, asking).await {
        Ok(()) => Ok(Page::ok(SentPage { chrome, refused: None, back })),
        Err(AskOwnDataError::Store(error)) => Err(error.into()),
        Err(refused @ (AskOwnDataError::Unclear | AskOwnDataError::TooMany)) => {
            Ok(Page::conflict(SentPage { chrome, refused: Some(refused.to_string()), back }))
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
    asked(desk, Asking::Leader(registration.id), paths::leader::booking(&token)).await
}

#[post("/p/<token>/my-data")]
async fn ask_as_attendee(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<SentPage>, Failure> {
    let opened = opened(desk, &token).await?;
    asked(desk, Asking::Attendee(opened.place.id), paths::attendee::place(&token)).await
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
        Err(refused) => {
            let words = match refused {
                // The page says for whom.
                EraseError::LeadsOthers(..) => {
                    "you booked for others who are still to come".to_owned()
                }
                refused => refused.to_string(),
            };
            Ok(Either::Right(Page::conflict(page(desk, token, Some(words)).await?)))
        }
    }
}
