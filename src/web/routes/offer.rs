//! Answering an offer, and waiting: what a leader does from her link while she has no place yet.
//! Mail scanners open links, so a GET only shows a page with buttons (B8).

use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            book_places::standing,
            cancel_places::{Which, cancel_places},
        },
        waiting::answer_offer::{Decline, OfferError, accept_offer, decline_offer, wait_again},
    },
    domain::{
        audit::Actor, occupancy::TeamPolicy, place::PlaceStatus, registration::Registration,
        session::Session,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        leader::cancelling::LeaveListPage,
        page::{Area, Page},
        public::offer::{ListLeftPage, OfferEndedPage, OfferPage},
        routes::booking::opened_by,
    },
};

/// An offer as it stands.
#[derive(rocket::Responder)]
enum Shown {
    Open(Box<Page<OfferPage>>),
    Ended(Box<Page<OfferEndedPage>>),
    Go(Box<Redirect>),
}

async fn shown(
    desk: &Desk,
    token: &Token,
    session: Session,
    registration: Registration,
    form: FormState,
) -> Result<Shown, Failure> {
    let now = desk.ctx.now();
    let chrome = desk.private_chrome(Area::Booking);
    let answerable = session.accepts_changes_at(now);
    match registration.offered_until().filter(|until| *until > now && answerable) {
        Some(until) => {
            let href = format!("/offers/{}", token.secret());
            let is_valid = form.is_valid();
            let page = OfferPage { chrome, session, registration, until, href, form, now };
            let page = if is_valid { Page::ok(page) } else { Page::unprocessable(page) };
            Ok(Shown::Open(Box::new(page)))
        }
        None => {
            let mut conn = desk.ctx.store.read().await?;
            let position = standing(&mut conn, &registration).await?;
            let can_wait = can_wait_again(desk, &session, &registration);
            let manage_href = format!("/r/{}", token.secret());
            Ok(Shown::Ended(Box::new(Page::ok(OfferEndedPage {
                chrome,
                session,
                registration,
                position,
                can_wait,
                manage_href,
            }))))
        }
    }
}

/// Whether people whose offer ended can join the list again.
pub(super) fn can_wait_again(desk: &Desk, session: &Session, registration: &Registration) -> bool {
    let gone = [PlaceStatus::Lapsed, PlaceStatus::Declined];
    let any = gone.into_iter().any(|status| registration.places_in(status).next().is_some());
    let in_time = session.offer_deadline(desk.ctx.now(), desk.ctx.offer).is_some();
    any && session.waiting_list && in_time
}

#[get("/offers/<token>")]
async fn offer(desk: &State<Desk>, token: Token) -> Result<Shown, Failure> {
    let (session, registration) = opened_by(desk, &token).await?;
    if registration.booked_at.is_none() {
        return Err(Failure::NotFound);
    }
    shown(desk, &token, session, registration, FormState::default()).await
}

#[post("/offers/<token>", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Shown, Failure> {
    let (session, registration) = opened_by(desk, &token).await?;
    let (ctx, id, actor) = (&desk.ctx, registration.id, Actor::Leader);
    let manage = format!("/r/{}", token.secret());
    let go = |to: String| Ok(Shown::Go(Box::new(Redirect::to(to))));
    let answered = match fields.get("answer") {
        "accept" => {
            let numbers: Vec<u32> = registration
                .places_in(PlaceStatus::Offered)
                .map(|place| place.number)
                .filter(|number| fields.is(&format!("p{number}"), "yes"))
                .collect();
            let may_choose = registration.team == TeamPolicy::AsManyAsPossible
                && registration.places_in(PlaceStatus::Offered).count() > 1;
            let numbers = may_choose.then_some(numbers.as_slice());
            accept_offer(ctx, &actor, id, numbers).await.map(|_| format!("{manage}/booked"))
        }
        "pass" => decline_offer(ctx, &actor, id, Decline::PassItOn)
            .await
            .map(|()| format!("{manage}?done=passed")),
        "leave" => decline_offer(ctx, &actor, id, Decline::LeaveTheList)
            .await
            .map(|()| "/waiting-list-left".to_owned()),
        _ => return go(format!("/offers/{}", token.secret())),
    };
    match answered {
        Ok(to) => go(to),
        Err(OfferError::NothingChosen) => {
            let mut form = FormState::default();
            form.fault("places", "Choose at least one person, or pass the places on");
            shown(desk, &token, session, registration, form).await
        }
        Err(OfferError::NoOffer | OfferError::AllOrNothing) => {
            let (session, registration) = opened_by(desk, &token).await?;
            shown(desk, &token, session, registration, FormState::default()).await
        }
        Err(OfferError::Store(error)) => Err(error.into()),
    }
}

#[get("/waiting-list-left")]
fn left(desk: &State<Desk>) -> Page<ListLeftPage> {
    Page::ok(ListLeftPage { chrome: desk.private_chrome(Area::Booking) })
}

#[get("/r/<token>/leave")]
async fn ask_leave(desk: &State<Desk>, token: Token) -> Result<Page<LeaveListPage>, Failure> {
    let (session, registration) = opened_by(desk, &token).await?;
    if registration.places_in(PlaceStatus::Waiting).next().is_none() {
        return Err(Failure::NotFound);
    }
    let chrome = desk.private_chrome(Area::Booking);
    let base = format!("/r/{}", token.secret());
    Ok(Page::ok(LeaveListPage { chrome, session, registration, base }))
}

#[post("/r/<token>/leave")]
async fn leave(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let (_, registration) = opened_by(desk, &token).await?;
    cancel_places(&desk.ctx, &Actor::Leader, registration.id, Which::Waiting, None).await?;
    if registration.confirmed().next().is_some() {
        return Ok(Redirect::to(format!("/r/{}?done=left", token.secret())));
    }
    Ok(Redirect::to("/waiting-list-left"))
}

#[post("/r/<token>/wait-again")]
async fn again(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let (_, registration) = opened_by(desk, &token).await?;
    let done = match wait_again(&desk.ctx, &Actor::Leader, registration.id).await? {
        Some(_) => "waiting",
        None => "late",
    };
    Ok(Redirect::to(format!("/r/{}?done={done}", token.secret())))
}

pub fn routes() -> Vec<Route> {
    routes![offer, answer, left, ask_leave, leave, again]
}
