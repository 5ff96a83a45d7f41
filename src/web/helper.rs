//! The door as a helper sees it, by a link for one day and without an account: who is expected and who is here,
//! and nothing of what they need or how they are reached.

use askama::Template;
use rocket::{
    Either, FromForm, Route, State, get, http::ContentType, post, response::Redirect, routes,
    serde::json::Json,
};

use crate::{
    actions::door::{
        help::{Helping, helping},
        keeper::Keeper,
        open::open_door,
    },
    domain::{
        helper_link::{HelperHours, HelperLink},
        session::Session,
        sitting::Sitting,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        headers::Fetching,
        page::{Area, Chrome, Page},
        paths,
        refusal::HelperLinkEnded,
        trainer::door::{
            list::{AtDoor, DoorAnswer, page},
            sync::{Bundle, Standing, take_bundle},
            tap::take,
        },
    },
};

pub fn routes() -> Vec<Route> {
    routes![worker, show, tap, sync]
}

/// What stands behind the link before its day.
#[derive(Template)]
#[template(path = "helper/early.html")]
struct EarlyPage {
    chrome: Chrome,
    session: Session,
    sitting: Sitting,
    opens: String,
}

/// What a link opens now.
async fn opened(
    desk: &Desk,
    token: &Token,
) -> Result<Result<(HelperLink, u32), Page<EarlyPage>>, Failure> {
    match helping(&desk.ctx, token).await? {
        Some(Helping::Open(link, number)) => Ok(Ok((link, number))),
        Some(Helping::Early(session, sitting)) => {
            let from = HelperHours::of(&sitting, desk.ctx.check_in).from;
            let opens = wording::deadline(from, sitting.zone);
            let chrome = desk.private_chrome(Area::Elsewhere);
            let (session, sitting) = (*session, *sitting);
            Ok(Err(Page::ok(EarlyPage { chrome, session, sitting, opens })))
        }
        Some(Helping::Ended) => Err(HelperLinkEnded.into()),
        None => Err(Failure::NotFound),
    }
}

fn at_door(desk: &Desk, token: &Token, link: &HelperLink) -> AtDoor {
    AtDoor {
        chrome: desk.private_chrome(Area::Elsewhere),
        path: paths::helper::door(token),
        helper: Some(link.walk_ins),
    }
}

/// What is looked for, and what just happened.
#[derive(Debug, FromForm)]
struct DoorQuery<'r> {
    q: Option<&'r str>,
    done: Option<&'r str>,
}

#[get("/helper/<token>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    asked: DoorQuery<'_>,
) -> Result<Either<DoorAnswer, Page<EarlyPage>>, Failure> {
    let (link, number) = match opened(desk, &token).await? {
        Ok(opened) => opened,
        Err(early) => return Ok(Either::Right(early)),
    };
    let opens = asked.done.is_none() && asked.q.is_none();
    let open = open_door(&desk.ctx, &link, &link.session, number, opens).await?;
    let words = asked.q.unwrap_or_default();
    let at = at_door(desk, &token, &link);
    let shown = page(desk, at, open, FormState::default(), words, asked.done);
    Ok(Either::Left(Page::ok(shown).into()))
}

#[post("/helper/<token>", data = "<fields>")]
async fn tap(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Either<Result<Redirect, DoorAnswer>, Page<EarlyPage>>, Failure> {
    let (link, number) = match opened(desk, &token).await? {
        Ok(opened) => opened,
        Err(early) => return Ok(Either::Right(early)),
    };
    let at = at_door(desk, &token, &link);
    let keeper = Keeper::Helper(&link);
    Ok(Either::Left(take(desk, keeper, (&link.session, number), at, &fields).await?))
}

#[post("/helper/<token>/sync", data = "<bundle>")]
async fn sync(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    bundle: Json<Bundle>,
) -> Result<Json<Standing>, Failure> {
    let Ok((link, number)) = opened(desk, &token).await? else { return Err(Failure::NotFound) };
    let keeper = Keeper::Helper(&link);
    let standing = take_bundle(desk, keeper, (&link.session, number), bundle.into_inner()).await?;
    Ok(Json(standing.for_a_helper()))
}

/// The worker that keeps the door open without signal, for pages below its own address.
#[get("/helper/door-worker.js")]
fn worker() -> Fetching<(ContentType, &'static str)> {
    (ContentType::JavaScript, include_str!("../../static/door-worker.js")).into()
}
