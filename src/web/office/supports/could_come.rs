//! Who could be asked to come to a session: whoever came to what comes before it, and has not asked for it since.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{id::SessionCode, session::Session, wording},
    store::things::{self, CouldCome},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

/// How many are shown.
const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "office/supports/could_come.html")]
struct CouldComePage {
    chrome: Chrome,
    session: Session,
    people: Vec<CouldCome>,
    total: usize,
}

impl CouldComePage {
    fn before(&self) -> String {
        let titles = self.session.course.prerequisites.iter().map(|one| one.title.as_str());
        wording::list(&titles.collect::<Vec<_>>())
    }

    fn more(&self) -> usize {
        self.total.saturating_sub(self.people.len())
    }
}

#[get("/office/sessions/<code>/could-come")]
async fn show(
    desk: &State<Desk>,
    who: Granted<ManageBookings>,
    code: SessionCode,
) -> Result<Page<CouldComePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let path = (&session.course.slug, &session.alliance.slug);
    let people = things::could_come(&mut conn, path, SHOWN).await?;
    let total = usize::try_from(things::count_who_could(&mut conn, path).await?).unwrap_or(0);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(CouldComePage { chrome, session, people, total }))
}
