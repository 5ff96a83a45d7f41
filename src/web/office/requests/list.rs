//! The sessions somebody asks for places on.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{place::PlaceStatus, session::Session, wording},
    store::{registrations, sessions},
    web::{
        Desk,
        failure::Failure,
        guard::{DecideRequests, Granted},
        page::{Area, Chrome, Page},
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
    sessions: Vec<(Session, usize)>,
}

impl RequestsListPage {
    fn asking(&self, people: &usize) -> String {
        wording::count(*people, "person asks", "people ask")
    }
}

#[get("/office/requests")]
async fn all(desk: &State<Desk>, who: Who) -> Result<Page<RequestsListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut asked: Vec<(Session, usize)> = Vec::new();
    for registration in registrations::with_requests(&mut conn).await? {
        let people = registration.places_in(PlaceStatus::Requested).count();
        let known = asked.iter_mut().find(|(session, _)| session.code == registration.session);
        if let Some((_, count)) = known {
            *count += people;
        } else if let Some(session) = sessions::find(&mut conn, &registration.session).await?
            && who.reaches(&session.alliance.slug)
            && session.ends_at().is_some_and(|end| end > desk.ctx.now())
        {
            asked.push((session, people));
        }
    }
    asked.sort_by_key(|(session, _)| session.starts_at());
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(RequestsListPage { chrome, sessions: asked }))
}
