//! Leaving the waiting list, and joining it again.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::cancel_places::{Which, cancel_places},
        waiting::{answer_offer::wait_again, confirm_out_of_turn::OutOfTurnError},
    },
    domain::{
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    store::{Conn, StoreError, applications},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        guard::SameOrigin,
        leader::{
            opened::opened_by,
            words::{called, when},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

/// By when whoever asks for places is told, where everybody of the session is told on one day.
pub async fn decides_by(
    conn: &mut Conn,
    (session, places): (&Session, &[Place]),
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    if !places.iter().any(|place| place.state.status() == PlaceStatus::Requested) {
        return Ok(None);
    }
    let day = applications::day(conn, &session.code).await?;
    let at = day.and_then(|day| day.tell_at).filter(|at| *at > now);
    Ok(at.map(|at| format!("The organiser decides by {}.", wording::deadline(at, session.zone()))))
}

/// Asking before a team stops waiting.
#[derive(Template)]
#[template(path = "leader/leave_list.html")]
struct LeaveListPage {
    chrome: Chrome,
    /// What they wait for.
    session: Session,
    registration: Registration,
    /// Their private link.
    token: Token,
}

impl LeaveListPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// Who stops waiting.
    pub fn waiting(&self) -> String {
        let waiting = self.registration.places_in(PlaceStatus::Waiting);
        wording::list(&waiting.map(called).collect::<Vec<_>>())
    }

    /// Who keeps a place all the same.
    pub fn still_coming(&self) -> Option<String> {
        let names: Vec<String> = self.registration.confirmed().map(called).collect();
        if names.is_empty() { None } else { Some(wording::list(&names)) }
    }
}

/// Off the waiting list.
#[derive(Debug, Template)]
#[template(path = "leader/list_left.html")]
struct ListLeftPage {
    chrome: Chrome,
    /// Whether a place was kept for her until now.
    had_offer: bool,
}

/// Whether people whose offer ended can join the list again.
pub fn can_wait_again(desk: &Desk, session: &Session, registration: &Registration) -> bool {
    let gone = [PlaceStatus::Lapsed, PlaceStatus::Declined];
    let any = gone.into_iter().any(|status| registration.places_in(status).next().is_some());
    let in_time = session.offer_deadline(desk.ctx.now(), desk.ctx.offer).is_some();
    any && session.waiting_list && in_time
}

#[get("/waiting-list-left?<done>")]
fn left(desk: &State<Desk>, done: Option<&str>) -> Page<ListLeftPage> {
    let had_offer = done == Some("offer");
    Page::ok(ListLeftPage { chrome: desk.private_chrome(Area::Booking), had_offer })
}

#[get("/r/<token>/leave")]
async fn ask_leave(desk: &State<Desk>, token: Token) -> Result<Page<LeaveListPage>, Failure> {
    let (session, registration) = opened_by(desk, &token).await?;
    if registration.places_in(PlaceStatus::Waiting).next().is_none() {
        let failure = Failure::from(OutOfTurnError::NobodyWaits);
        return Err(failure.leads(paths::leader::booking(&token), "Back to your booking"));
    }
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(LeaveListPage { chrome, session, registration, token }))
}

#[post("/r/<token>/leave")]
async fn leave(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let (_, registration) = opened_by(desk, &token).await?;
    let (id, which) = (registration.id, Which::Waiting);
    let left = cancel_places(&desk.ctx, &Actor::Leader, id, which, None).await;
    left.map_err(|error| {
        Failure::from(error).leads(paths::leader::booking(&token), "Back to your booking")
    })?;
    if registration.confirmed().next().is_some() {
        return Ok(Redirect::to(paths::leader::booking(&token).done("left")));
    }
    Ok(Redirect::to(paths::public::waiting_list_left()))
}

#[post("/r/<token>/wait-again")]
async fn again(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let (_, registration) = opened_by(desk, &token).await?;
    let done = match wait_again(&desk.ctx, &Actor::Leader, registration.id).await? {
        Some(_) => "waiting",
        None => "late",
    };
    Ok(Redirect::to(paths::leader::booking(&token).done(done)))
}

pub fn routes() -> Vec<Route> {
    routes![left, ask_leave, leave, again]
}
