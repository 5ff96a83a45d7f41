//! Asking before institutions are reminded of what they pledged.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::pledge::{chase, to_chase},
    domain::{id::SessionCode, session::Session, wording},
    store::pledges::{self, PledgeLine},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, remind]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/pledges/chase.html")]
struct ChasePage {
    chrome: Chrome,
    session: Session,
    lines: Vec<PledgeLine>,
}

impl ChasePage {
    fn words(&self) -> String {
        wording::count(self.lines.len(), "institution", "institutions")
    }
}

#[get("/office/sessions/<code>/pledges/chase")]
async fn ask(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Page<ChasePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let lines = pledges::of_session(&mut conn, &code).await?;
    let lines = to_chase(&session, &lines, desk.ctx.now()).into_iter().cloned().collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(ChasePage { chrome, session, lines }))
}

#[post("/office/sessions/<code>/pledges/chase")]
async fn remind(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
) -> Result<Redirect, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let pledges = paths::office::session_pledges(&code);
    Ok(Redirect::to(match chase(&desk.ctx, &who.actor(), &code).await {
        Ok(chased) => {
            let unreached = chased.unreachable.len();
            pledges.done(format_args!("chased-{}-{unreached}", chased.letters))
        }
        Err(error) => return Err(Failure::from(error).leads(pledges, "Back to the pledges")),
    }))
}
