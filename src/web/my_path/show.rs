//! How far she is, what counted, and what comes next.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use super::{at_home, whose};
use crate::{
    actions::path::{
        needed,
        put_on::move_to_latest,
        send_link::{Sent, send_attendee, send_path_link},
    },
    domain::{
        audit::Actor,
        id::{PathSlug, SessionCode},
        path::{PathRecord, RecordState},
        person::Person,
        wording,
    },
    store::path_learning,
    token::Token,
    web::{
        Desk,
        attendee::opened::opened,
        certificate::transcript,
        download::Download,
        failure::Failure,
        guard::SameOrigin,
        my_path::certificate::ready,
        page::{Area, Chrome, Page},
        path_view::{Next, PathView, next, organisation, views},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, transcript_pdf, newer, new_link, ask]
}

#[derive(Template)]
#[template(path = "my_path/show.html")]
struct MyPathPage {
    chrome: Chrome,
    notice: Option<String>,
    token: Token,
    person: Person,
    /// Each path with what comes next on it.
    views: Vec<(PathView, Vec<Next>)>,
    /// The sessions of which her certificate is ready.
    ready: Vec<SessionCode>,
    /// What she claims and nobody has decided about.
    claims: Vec<PathRecord>,
}

impl MyPathPage {
    fn needed(&self, view: &PathView) -> String {
        needed(&view.rules)
    }

    fn has_certificate(&self, code: Option<&SessionCode>) -> bool {
        code.is_some_and(|code| self.ready.contains(code))
    }
}

fn notice(done: &str) -> Option<String> {
    let words = match done {
        "claimed" => "Thank you. An organiser will look at it, and the answer will stand here.",
        "back" => "Taken back.",
        "newer" => "You are on the newer version.",
        _ => return None,
    };
    Some(words.to_owned())
}

#[get("/path/<token>?<done>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<MyPathPage>, Failure> {
    let person = whose(desk, &token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let (home, today) = at_home(desk, &mut conn, &person).await?;
    let mut shown = Vec::new();
    for view in views(&mut conn, person.id, today).await? {
        let comes = next(&mut conn, &view, &home, desk.ctx.now()).await?;
        shown.push((view, comes));
    }
    let learning = path_learning::of(&mut conn, person.id).await?;
    let mut claims = learning.records;
    claims.retain(|one| one.state == RecordState::Asked);
    let ready = ready(desk, &mut conn, person.id, &learning.attended).await?;
    Ok(Page::ok(MyPathPage {
        chrome: desk.private_chrome(Area::Booking),
        notice: done.and_then(notice),
        token,
        person,
        views: shown,
        ready,
        claims,
    }))
}

/// The transcript; the page, which can be printed, where the font of the PDF lacks a letter of it.
#[get("/path/<token>/transcript.pdf")]
async fn transcript_pdf(
    desk: &State<Desk>,
    token: Token,
) -> Result<Either<Download, Redirect>, Failure> {
    let person = whose(desk, &token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let (_, today) = at_home(desk, &mut conn, &person).await?;
    let hers = views(&mut conn, person.id, today).await?;
    drop(conn);
    let shown = transcript::of(&person, &hers, (today, organisation(desk)));
    match transcript::can_write(&shown) {
        true => Ok(Either::Left(Download::pdf("transcript", transcript::render(&shown))?)),
        false => Ok(Either::Right(Redirect::to(paths::path::mine(&token)))),
    }
}

#[post("/path/<token>/newer/<slug>")]
async fn newer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    slug: PathSlug,
) -> Result<Redirect, Failure> {
    let person = whose(desk, &token).await?;
    let moved = move_to_latest(&desk.ctx, &Actor::Attendee, &slug, person.id).await;
    moved.map_err(|error| Failure::from(error).leads(paths::path::mine(&token), "Your path"))?;
    Ok(Redirect::to(paths::path::mine(&token).done("newer")))
}

/// A link is on its way, or why not.
#[derive(Debug, Template)]
#[template(path = "my_path/sent.html")]
struct SentPage {
    chrome: Chrome,
    refused: Option<&'static str>,
    /// Whether the links before work no more.
    ended: bool,
    /// The page she asked on, where it still opens.
    back: Option<Href>,
}

fn sent(desk: &Desk, done: Sent, (ended, back): (bool, Href)) -> Page<SentPage> {
    let refused = match done {
        Sent::Written => None,
        Sent::NoAddress => Some("we do not know you by the address on this booking"),
        Sent::OnNone => Some("you are on no path"),
        Sent::TooMany => {
            Some("several links went to your address within the hour; please wait a little")
        }
    };
    let chrome = desk.private_chrome(Area::Booking);
    let back = Some(back).filter(|_| !ended || refused.is_some());
    let ended = ended && refused.is_none();
    let page = SentPage { chrome, refused, ended, back };
    if refused.is_some() { Page::conflict(page) } else { Page::ok(page) }
}

/// All links before end, and a new one is sent.
#[post("/path/<token>/new-link")]
async fn new_link(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<SentPage>, Failure> {
    let person = whose(desk, &token).await?;
    let done = send_path_link(&desk.ctx, &Actor::Attendee, person.id, true).await?;
    Ok(sent(desk, done, (true, paths::path::mine(&token))))
}

#[post("/p/<token>/path")]
async fn ask(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<SentPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let done = send_attendee(&desk.ctx, opened.place.id).await?;
    Ok(sent(desk, done, (false, paths::attendee::place(&token))))
}
