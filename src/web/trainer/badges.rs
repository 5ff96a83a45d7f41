//! Name badges, ten to a sheet of A4.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::door::read_roster::read_roster,
    domain::{id::SessionCode, roster::Roster, session::Session, wording},
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paths,
    },
};

/// Badges to print and cut: names big, institutions small. Whose name is to follow has none.
#[derive(Template)]
#[template(path = "trainer/badges.html")]
struct BadgesPage {
    chrome: Chrome,
    session: Session,
    roster: Roster,
}

impl BadgesPage {
    /// Those with a name.
    fn named(&self) -> Vec<(&str, &str)> {
        let named = self.roster.lines.iter().filter(|line| line.place.attendee.is_some());
        named.map(|line| (line.name(), line.institution.as_deref().unwrap_or_default())).collect()
    }

    fn people(&self) -> String {
        wording::count(self.named().len(), "badge", "badges")
    }
}

#[get("/trainer/sessions/<code>/badges")]
async fn badges(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
) -> Result<Page<BadgesPage>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    Ok(Page::ok(BadgesPage { chrome: desk.staff_chrome(&who.member), session, roster }))
}

pub fn routes() -> Vec<Route> {
    routes![badges]
}
