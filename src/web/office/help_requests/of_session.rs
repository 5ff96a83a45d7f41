//! Who asks for help on a session, and what of its budget is left.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{help_request::HelpOffer, id::SessionCode, session::Session, wording},
    store::{
        help_offers,
        help_requests::{self, HelpSeen},
    },
    web::{
        Desk,
        failure::Failure,
        guard::{DecideRequests, Granted},
        office::{
            addressed::session_for,
            help_requests::{
                money::{Money, MoneyLine},
                said,
            },
        },
        page::{Area, Chrome, Page},
        paths,
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Template)]
#[template(path = "office/help_requests/of_session.html")]
struct SessionHelpPage {
    chrome: Chrome,
    session: Session,
    notice: Option<String>,
    offers: Vec<HelpOffer>,
    money: Money,
    asking: Vec<HelpSeen>,
}

impl SessionHelpPage {
    fn offered(&self) -> String {
        let names: Vec<_> = self.offers.iter().map(|one| one.kind.asked()).collect();
        wording::list(&names)
    }

    fn standing(&self, seen: &HelpSeen) -> &'static str {
        said::standing(seen, said::is_on(&self.session))
    }

    /// Whether it can be decided together with others.
    fn can_tick(&self, seen: &HelpSeen) -> bool {
        seen.request.state.is_undecided() && seen.is_coming && said::is_on(&self.session)
    }

    fn can_tick_any(&self) -> bool {
        self.asking.iter().any(|seen| self.can_tick(seen))
    }

    fn granted(&self, seen: &HelpSeen) -> String {
        seen.request.granted_words().unwrap_or_default()
    }

    fn asked(&self, seen: &HelpSeen) -> String {
        said::asked(seen)
    }

    fn when(&self, seen: &HelpSeen) -> String {
        stamp(seen.request.asked_at, self.session.zone())
    }

    fn whose<'a>(&self, seen: &'a HelpSeen) -> &'a str {
        said::whose(seen)
    }

    fn money(&self) -> Vec<MoneyLine> {
        self.money.lines()
    }
}

#[get("/office/sessions/<code>/help?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<DecideRequests>,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<SessionHelpPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let offered = help_offers::of_session(&mut conn, &code).await?;
    let spent = help_requests::spent(&mut conn, &code).await?;
    let asking = help_requests::of_session(&mut conn, &code).await?;
    drop(conn);
    let notice = done.and_then(said::done_words);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let money = Money { budget: offered.budget(), spent };
    let offers = offered.offers;
    Ok(Page::ok(SessionHelpPage { chrome, session, notice, offers, money, asking }))
}
