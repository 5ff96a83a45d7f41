//! The sessions somebody asks for places on.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        session::{Publication, Session},
        wording,
    },
    store::{sessions, watch},
    web::{
        Desk,
        failure::Failure,
        guard::{DecideRequests, Granted},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![all]
}

type Who = Granted<DecideRequests>;

/// The sessions somebody is asked about.
#[derive(Template)]
#[template(path = "office/requests/list.html")]
struct RequestsListPage {
    chrome: Chrome,
    /// Each session with how many people ask, soonest first.
    sessions: Listing<(Session, usize)>,
}

impl RequestsListPage {
    fn asking(&self, people: &usize) -> String {
        wording::count(*people, "person asks", "people ask")
    }
}

#[get("/office/requests?<asked..>")]
async fn all(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<RequestsListPage>, Failure> {
    let page = paging::asked(asked.page)?;
    let mut conn = desk.ctx.store.read().await?;
    let people = watch::requests(&mut conn, desk.ctx.now()).await?;
    let mut asking = Vec::new();
    for session in sessions::ending_after(&mut conn, desk.ctx.now()).await? {
        let is_shown =
            session.publication == Publication::Published && who.reaches(&session.alliance.slug);
        if let (Some(people), true) = (people.get(&session.code), is_shown) {
            asking.push((session, *people));
        }
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    let sessions = Listing::of(asking, page, paths::office::requests(), &[])?;
    Ok(Page::ok(RequestsListPage { chrome, sessions }))
}
