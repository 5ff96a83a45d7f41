//! Saying no to something that was suggested.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::calendars::take_reply::set_on_decline,
    domain::{edit::Drawn, id::SessionCode, reply::OnDecline, session::Session, wording},
    store::{replies, sessions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

/// Choosing it, for one session.
#[derive(Template)]
#[template(path = "office/decline.html")]
struct DeclinePage {
    chrome: Chrome,
    session: Session,
    on_decline: OnDecline,
}

/// The one field.
const WHAT: &str = "what";

impl DeclinePage {
    /// What the form is drawn from.
    fn drawn(&self) -> Drawn {
        Drawn::of_shown([(WHAT, self.on_decline.as_str())])
    }
}

#[get("/office/sessions/<code>/decline")]
async fn show(
    desk: &State<Desk>,
    who: Granted<PlanSessions>,
    code: SessionCode,
) -> Result<Page<DeclinePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let on_decline = replies::on_decline(&mut conn, &code).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(DeclinePage { chrome, session, on_decline }))
}

#[post("/office/sessions/<code>/decline", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<PlanSessions>,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    drop(conn);
    who.on(&session)?;
    // A radio button has no third value; whoever sends one gets the page again.
    let Ok(what) = fields.get(WHAT).parse::<OnDecline>() else {
        return Ok(Redirect::to(paths::office::session_decline(&code)));
    };
    // Of two choices, whoever left the one she saw has nothing to save: another's choice stays (V1).
    let is_hers = edited::drawn(&fields).is_none_or(|drawn| !drawn.shows(WHAT, what.as_str()));
    if is_hers {
        set_on_decline(&desk.ctx, &who.actor(), &code, what).await?;
    }
    Ok(Redirect::to(paths::office::session(&code).done("saved")))
}
