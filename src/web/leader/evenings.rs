//! The other evenings of a booking of several: going to one of them, and giving up all that are to come.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        cancel_evenings::{can_give_up, cancel_evenings, drawn_from_evenings, looks_after},
        open_evening::open_evening,
    },
    domain::{
        audit::Actor, place::PlaceStatus, reference::Reference, registration::Registration,
        session::Session, wording,
    },
    store::{registrations, series_bookings, sessions},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState, edited,
            why::{Reason, why},
        },
        guard::SameOrigin,
        leader::{opened::booked, words::when},
        next::Next,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before all evenings that are to come are given up. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/evenings.html")]
struct CancelEveningsPage {
    chrome: Chrome,
    session: Session,
    /// Those that would be given up, in order of time.
    evenings: Vec<(Session, Registration)>,
    form: FormState<Reason>,
    /// Their private link.
    token: Token,
}

impl CancelEveningsPage {
    /// `all 9 evenings that are to come`.
    fn called(&self) -> String {
        match self.evenings.len() {
            1 => "the evening that is to come".to_owned(),
            many => format!("all {many} evenings that are to come"),
        }
    }

    fn when(&self, session: &Session) -> String {
        when(session)
    }

    fn places(&self, registration: &Registration) -> String {
        let open = registration.places.iter().filter(|place| place.state.status().is_open());
        wording::count(open.count(), "place", "places")
    }

    fn drawn(&self) -> String {
        drawn_from_evenings(self.evenings.iter().map(|(_, one)| one)).to_string()
    }

    /// Whether any of the places are theirs, so that others could take them.
    fn has_confirmed(&self) -> bool {
        let confirmed = PlaceStatus::Confirmed;
        self.evenings.iter().any(|(_, one)| one.places_in(confirmed).next().is_some())
    }
}

/// The evenings that whoever looks after a booking can give up still.
async fn to_come(desk: &Desk, own: &Registration) -> Result<Vec<(Session, Registration)>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let together = series_bookings::of(&mut conn, own.id).await?;
    let mut all = Vec::new();
    for (id, code) in together.into_iter().flat_map(|one| one.all) {
        let registration = registrations::find(&mut conn, id).await?;
        let session = sessions::find(&mut conn, &code).await?;
        let (Some(registration), Some(session)) = (registration, session) else { continue };
        if looks_after(own, &registration) && can_give_up(&session, &registration, desk.ctx.now()) {
            all.push((session, registration));
        }
    }
    all.sort_by_key(|(session, _)| session.starts_at());
    Ok(all)
}

async fn page(
    desk: &Desk,
    (session, own): (Session, Registration),
    token: Token,
    form: FormState<Reason>,
) -> Result<Next<CancelEveningsPage>, Failure> {
    let evenings = to_come(desk, &own).await?;
    if evenings.is_empty() {
        return Ok(Next::Go(Box::new(Redirect::to(paths::leader::booking(&token)))));
    }
    let is_valid = form.is_valid();
    let chrome = desk.private_chrome(Area::Booking);
    let page = CancelEveningsPage { chrome, session, evenings, form, token };
    Ok(Next::Show(Box::new(match is_valid {
        true => Page::ok(page),
        false => Page::unprocessable(page),
    })))
}

#[get("/r/<token>/evenings/cancel")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Next<CancelEveningsPage>, Failure> {
    let about = booked(desk, &token).await?;
    page(desk, about, token, FormState::default()).await
}

#[post("/r/<token>/evenings/cancel", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Next<CancelEveningsPage>, Failure> {
    let about = booked(desk, &token).await?;
    let why = match why(&fields) {
        Ok(why) => why,
        Err(form) => return page(desk, about, token, form).await,
    };
    let drawn = edited::drawn(&fields);
    let done = cancel_evenings(&desk.ctx, &Actor::Leader, about.1.id, why.as_ref(), drawn.as_ref());
    let back = paths::leader::booking(&token);
    match done.await {
        Ok(_) => Ok(Next::Go(Box::new(Redirect::to(back.done("evenings-cancelled"))))),
        Err(error) => Err(Failure::from(error).leads(back, "Back to your booking")),
    }
}

/// Another evening, with the link that this one gives.
#[post("/r/<token>/evenings/<reference>", rank = 2)]
async fn open(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    reference: Reference,
) -> Result<Redirect, Failure> {
    let (_, own) = booked(desk, &token).await?;
    if own.reference == reference {
        return Ok(Redirect::to(paths::leader::booking(&token)));
    }
    let other = open_evening(&desk.ctx, &own, &reference).await?.ok_or(Failure::NotFound)?;
    Ok(Redirect::to(paths::leader::booking(&other)))
}

pub fn routes() -> Vec<Route> {
    routes![ask, cancel, open]
}
