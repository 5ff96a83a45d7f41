//! Answering people who ask for places.

use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::decide_request::{DecideError, Decision, decide_request},
    domain::{
        id::SessionCode, place::PlaceStatus, reference::Reference, registration::Registration,
        session::Session, text::Paragraph, wording,
    },
    store::{registrations, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        guard::{DecideRequests, Granted, SameOrigin},
        office::requests::{RequestsListPage, RequestsPage},
        page::{Area, Page},
        routes::office::{Asked, found},
    },
};

type Who = Granted<DecideRequests>;

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

#[get("/office/sessions/<code>/requests?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Asked<'_>,
) -> Result<Page<RequestsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = found(&mut conn, &who, &code).await?;
    let mut asking = registrations::of_session(&mut conn, &code).await?;
    let mut waiting: Vec<_> = asking.iter().filter(|one| one.queue().is_some()).cloned().collect();
    waiting.sort_by_key(Registration::queue);
    asking.retain(|one| one.places_in(PlaceStatus::Requested).next().is_some());
    Ok(Page::ok(RequestsPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: asked.done.and_then(notice),
        session,
        asking,
        waiting,
    }))
}

/// What became of the places: how many are confirmed, wait and were refused.
fn notice(done: &str) -> Option<String> {
    if done == "gone" {
        return Some("Somebody has answered that already.".to_owned());
    }
    let counts: Vec<usize> = done.split('-').filter_map(|count| count.parse().ok()).collect();
    let [confirmed, waiting, refused] = counts.as_slice() else { return None };
    let said = [(*confirmed, "booked"), (*waiting, "waiting"), (*refused, "refused")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", wording::count(count, "place", "places")));
    let said = said.collect::<Vec<_>>();
    Some(format!("Done: {}. We are telling them.", wording::list(&said)))
}

#[post("/office/sessions/<code>/requests", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    found(&mut conn, &who, &code).await?;
    let back = |done: &str| Redirect::to(format!("/office/sessions/{code}/requests?done={done}"));
    let reason = Paragraph::parse_optional(fields.get("reason")).unwrap_or_default();
    let decision = match fields.get("decision") {
        "approve" => Decision::Approve,
        "wait" => Decision::Wait,
        "refuse" => Decision::Refuse { reason },
        _ => return Ok(back("nothing")),
    };
    let id = match fields.get("reference").parse::<Reference>() {
        Ok(reference) => registrations::find_by_reference(&mut conn, &reference).await?,
        Err(_) => None,
    };
    let Some(id) = id else { return Ok(back("gone")) };
    // The booking must be of the session whose organiser this is.
    let registration = registrations::find(&mut conn, id).await?;
    if registration.is_none_or(|one| one.session != code) {
        return Err(Failure::Forbidden);
    }
    drop(conn);
    match decide_request(&desk.ctx, &who.actor(), id, decision).await {
        Ok(done) => Ok(back(&format!("{}-{}-{}", done.confirmed, done.waiting, done.refused))),
        Err(DecideError::Store(error)) => Err(error.into()),
        Err(_) => Ok(back("gone")),
    }
}

pub fn routes() -> Vec<Route> {
    routes![all, show, decide]
}
