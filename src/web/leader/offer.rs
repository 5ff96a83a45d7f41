//! An offer from the waiting list, answered on one page. Mail scanners open links, so a GET only
//! shows a page with buttons (B8).

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        places::standing::standing,
        waiting::answer_offer::{Decline, OfferError, accept_offer, decline_offer},
    },
    domain::{
        audit::Actor,
        occupancy::TeamPolicy,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState, form_fields},
        guard::SameOrigin,
        leader::{
            opened::{booked, opened_by},
            waiting::can_wait_again,
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

form_fields! {
    enum Field {
        Places = "places",
        Answer = "answer",
    }
}

/// The box beside one of the places offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Chosen(u32);

impl FormField for Chosen {
    fn name(self) -> Cow<'static, str> {
        format!("p{}", self.0).into()
    }
}

/// An offer that can be answered.
#[derive(Debug, Template)]
#[template(path = "leader/offer.html")]
struct OfferPage {
    chrome: Chrome,
    session: Session,
    /// Whose places they are.
    registration: Registration,
    /// Until when they are kept.
    until: DateTime<Utc>,
    /// Where the answer goes.
    href: Href,
    /// What must be put right.
    form: FormState<Field>,
    now: DateTime<Utc>,
}

impl OfferPage {
    fn offered(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Offered).collect()
    }

    fn count(&self) -> String {
        wording::count(self.offered().len(), "place", "places")
    }

    fn heading(&self) -> &'static str {
        if self.offered().len() == 1 {
            "A place is yours if you want it"
        } else {
            "Places are yours if you want them"
        }
    }

    /// Whom the places are for: `Tomasz Zielinski`, or `Tomasz Zielinski and 1 name to follow`.
    fn whom(&self) -> String {
        let offered = self.offered();
        let mut names: Vec<String> = offered
            .iter()
            .filter_map(|place| place.attendee.as_ref())
            .map(|attendee| attendee.name.to_string())
            .collect();
        let unnamed = offered.len() - names.len();
        if names.is_empty() {
            return self.registration.leader.name.to_string();
        }
        if unnamed > 0 {
            names.push(wording::count(unnamed, "name to follow", "names to follow"));
        }
        wording::list(&names)
    }

    fn deadline(&self) -> String {
        wording::moment(self.until, self.session.zone())
    }

    fn machine_deadline(&self) -> String {
        self.until.to_rfc3339()
    }

    fn zone(&self) -> String {
        wording::zone(self.session.zone())
    }

    /// How long there is, roughly: `21 hours`, `3 days`.
    fn left(&self) -> String {
        let left = self.until - self.now;
        let number = |value: i64| usize::try_from(value).unwrap_or(0);
        match left.num_hours() {
            0 => wording::count(number(left.num_minutes().max(1)), "minute", "minutes"),
            hours if hours < 48 => wording::count(number(hours), "hour", "hours"),
            _ => wording::count(number(left.num_days()), "day", "days"),
        }
    }

    /// Whether somebody else waits, who would be next.
    fn others_wait(&self) -> bool {
        let own = self.registration.places_in(PlaceStatus::Waiting).count();
        self.session.occupancy.waiting as usize > own
    }

    /// Whether she may take some of them and leave the others (B4).
    fn may_choose(&self) -> bool {
        self.offered().len() > 1 && self.registration.team == TeamPolicy::AsManyAsPossible
    }

    fn name_of(&self, place: &Place) -> String {
        match &place.attendee {
            Some(attendee) => attendee.name.to_string(),
            None => format!("Person {}, name to follow", place.number),
        }
    }
}

/// An offer that was answered, or ended without an answer.
#[derive(Debug, Template)]
#[template(path = "leader/offer_ended.html")]
struct OfferEndedPage {
    chrome: Chrome,
    session: Session,
    /// Whose places they were.
    registration: Registration,
    /// Where it stands in the queue now, if some of its places wait.
    position: Option<usize>,
    /// Whether the places can wait again.
    can_wait: bool,
    /// Their private link.
    token: Token,
}

impl OfferEndedPage {
    fn is_booked(&self) -> bool {
        self.registration.confirmed().next().is_some()
    }

    fn has_lapsed(&self) -> bool {
        self.registration.places_in(PlaceStatus::Lapsed).next().is_some()
    }
}

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
    form: FormState<Field>,
) -> Result<Shown, Failure> {
    let now = desk.ctx.now();
    let chrome = desk.private_chrome(Area::Booking);
    let answerable = session.accepts_changes_at(now);
    match registration.offered_until().filter(|until| *until > now && answerable) {
        Some(until) => {
            let href = paths::leader::offer(token);
            let is_valid = form.is_valid();
            let page = OfferPage { chrome, session, registration, until, href, form, now };
            let page = if is_valid { Page::ok(page) } else { Page::unprocessable(page) };
            Ok(Shown::Open(Box::new(page)))
        }
        None => {
            let mut conn = desk.ctx.store.read().await?;
            let position = standing(&mut conn, &registration).await?;
            let can_wait = can_wait_again(desk, &session, &registration);
            Ok(Shown::Ended(Box::new(Page::ok(OfferEndedPage {
                chrome,
                session,
                registration,
                position,
                can_wait,
                token: token.clone(),
            }))))
        }
    }
}

#[get("/offers/<token>")]
async fn offer(desk: &State<Desk>, token: Token) -> Result<Shown, Failure> {
    let (session, registration) = booked(desk, &token).await?;
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
    let go = |to: Href| Ok(Shown::Go(Box::new(Redirect::to(to))));
    let answered = match fields.of(Field::Answer) {
        "accept" => {
            let numbers: Vec<u32> = registration
                .places_in(PlaceStatus::Offered)
                .map(|place| place.number)
                .filter(|number| fields.has(Chosen(*number), "yes"))
                .collect();
            let may_choose = registration.team == TeamPolicy::AsManyAsPossible
                && registration.places_in(PlaceStatus::Offered).count() > 1;
            let numbers = may_choose.then_some(numbers.as_slice());
            accept_offer(ctx, &actor, id, numbers).await.map(|_| paths::leader::booked(&token))
        }
        "pass" => decline_offer(ctx, &actor, id, Decline::PassItOn)
            .await
            .map(|()| paths::leader::booking(&token).done("passed")),
        "leave" => decline_offer(ctx, &actor, id, Decline::LeaveTheList)
            .await
            .map(|()| paths::public::waiting_list_left().done("offer")),
        _ => {
            let mut form = FormState::default();
            form.fault(
                Field::Places,
                "Choose to take the places, to pass them on, or to leave the list",
            );
            return shown(desk, &token, session, registration, form).await;
        }
    };
    match answered {
        Ok(to) => go(to),
        Err(OfferError::NothingChosen) => {
            let mut form = FormState::default();
            form.fault(Field::Places, "Choose at least one person, or pass the places on");
            shown(desk, &token, session, registration, form).await
        }
        Err(OfferError::NoOffer | OfferError::AllOrNothing) => {
            let (session, registration) = opened_by(desk, &token).await?;
            shown(desk, &token, session, registration, FormState::default()).await
        }
        Err(OfferError::Store(error)) => Err(error.into()),
    }
}

pub fn routes() -> Vec<Route> {
    routes![offer, answer]
}
