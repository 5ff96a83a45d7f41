//! Giving up one place, or the whole booking: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            cancel_places::{CancelError, Which, cancel_as_shown, drawn_from},
            change_attendee::ChangeError,
        },
        places::let_go::places_let_go,
    },
    domain::{
        audit::Actor,
        contact::EmailAddress,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState, edited,
            why::{Reason, why},
        },
        guard::SameOrigin,
        leader::{
            opened::{booked, place},
            words::{called, when},
        },
        next::Next,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before one place is given up. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/cancel.html")]
struct CancelPlacePage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// The place to give up.
    place: Place,
    form: FormState<Reason>,
    /// Their private link.
    token: Token,
}

impl CancelPlacePage {
    /// Whose place the page shows.
    pub fn drawn(&self) -> String {
        drawn_from([&self.place]).to_string()
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// `Cancel Leila Haddad’s place?`
    pub fn heading(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("Cancel {}\u{2019}s place?", attendee.name),
            None => format!("Cancel the place for person {}?", self.place.number),
        }
    }

    /// Whether the place is theirs, so that somebody else could take it.
    pub fn is_confirmed(&self) -> bool {
        self.place.state.status() == PlaceStatus::Confirmed
    }

    /// Who keeps a place.
    pub fn still_coming(&self) -> String {
        let others = self.registration.confirmed().filter(|place| place.id != self.place.id);
        let names: Vec<String> = others.map(called).collect();
        if names.is_empty() { "Nobody else".to_owned() } else { wording::list(&names) }
    }
}

/// Asking before the whole booking is given up. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/cancel_all.html")]
struct CancelAllPage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    form: FormState<Reason>,
    /// Their private link.
    token: Token,
}

impl CancelAllPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// `all 3 places`.
    pub fn places(&self) -> String {
        match self.open().count() {
            1 => "your place".to_owned(),
            2 => "both places".to_owned(),
            count => format!("all {count} places"),
        }
    }

    /// Whom we will write to.
    pub fn told(&self) -> Option<String> {
        let people = told(&self.registration, self.registration.confirmed())?;
        Some(match people.strip_prefix("you") {
            Some(rest) => format!("You{rest}"),
            None => people,
        })
    }

    /// Whether any of the places are theirs, so that others could take them.
    pub fn has_confirmed(&self) -> bool {
        self.registration.confirmed().next().is_some()
    }

    /// Whose places the page shows.
    pub fn drawn(&self) -> String {
        drawn_from(self.open()).to_string()
    }

    fn open(&self) -> impl Iterator<Item = &Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open())
    }
}

/// Whom we write to: the leader as `you`, then everybody else with an address.
fn told<'a>(
    registration: &Registration,
    places: impl Iterator<Item = &'a Place>,
) -> Option<String> {
    let leader = registration.leader.email.as_ref();
    let is_new = |email: &EmailAddress| Some(email) != leader;
    let mut people: Vec<String> = leader.iter().map(|_| "you".to_owned()).collect();
    let attendees = places.filter_map(|place| place.attendee.as_ref());
    people.extend(
        attendees
            .filter(|attendee| attendee.email.as_ref().is_some_and(is_new))
            .map(|attendee| attendee.name.to_string()),
    );
    if people.is_empty() { None } else { Some(wording::list(&people)) }
}

#[get("/r/<token>/places/<number>/cancel")]
async fn ask_cancel(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<CancelPlacePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number).map_err(|gone| back(gone, &token))?;
    may_be_cancelled(desk, &session, &[&place], &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    let form = FormState::default();
    Ok(Page::ok(CancelPlacePage { chrome, session, registration, place, form, token }))
}

/// Refuses to ask about places that cannot be given up.
async fn may_be_cancelled(
    desk: &Desk,
    session: &Session,
    places: &[&Place],
    token: &Token,
) -> Result<(), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let lets_go = places_let_go(&mut conn, session, places, desk.ctx.now()).await?;
    lets_go.map_err(|settled| back(CancelError::from(settled), token))
}

/// A refusal that leads back to the booking.
fn back(error: impl Into<Failure>, token: &Token) -> Failure {
    error.into().leads(paths::leader::booking(token), "Back to your booking")
}

#[post("/r/<token>/places/<number>/cancel", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Next<CancelPlacePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number).map_err(|gone| back(gone, &token))?;
    let (why, which) = match why(&fields) {
        Ok(why) => (why, Which::One(place.id)),
        Err(form) => {
            let chrome = desk.private_chrome(Area::Booking);
            let page = CancelPlacePage { chrome, session, registration, place, form, token };
            return Ok(Next::Show(Box::new(Page::unprocessable(page))));
        }
    };
    let actor = Actor::Leader;
    let (what, drawn) = ((which, why.as_ref()), edited::drawn(&fields));
    let gone = cancel_as_shown(&desk.ctx, &actor, registration.id, what, drawn.as_ref()).await;
    gone.map_err(|error| back(error, &token))?;
    let done = paths::leader::booking(&token).done("cancelled");
    Ok(Next::Go(Box::new(Redirect::to(done))))
}

#[get("/r/<token>/cancel")]
async fn ask_cancel_all(desk: &State<Desk>, token: Token) -> Result<Page<CancelAllPage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let is_open = |place: &&Place| place.state.status().is_open();
    let open: Vec<_> = registration.places.iter().filter(is_open).collect();
    if open.is_empty() {
        return Err(back(ChangeError::NoSuchPlace, &token));
    }
    may_be_cancelled(desk, &session, &open, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    let form = FormState::default();
    Ok(Page::ok(CancelAllPage { chrome, session, registration, form, token }))
}

#[post("/r/<token>/cancel", data = "<fields>")]
async fn cancel_all(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Next<CancelAllPage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let why = match why(&fields) {
        Ok(why) => why,
        Err(form) => {
            let chrome = desk.private_chrome(Area::Booking);
            let page = CancelAllPage { chrome, session, registration, form, token };
            return Ok(Next::Show(Box::new(Page::unprocessable(page))));
        }
    };
    let (actor, drawn) = (Actor::Leader, edited::drawn(&fields));
    let what = (Which::All, why.as_ref());
    let gone = cancel_as_shown(&desk.ctx, &actor, registration.id, what, drawn.as_ref()).await;
    gone.map_err(|error| back(error, &token))?;
    let done = paths::leader::booking(&token).done("all-cancelled");
    Ok(Next::Go(Box::new(Redirect::to(done))))
}

pub fn routes() -> Vec<Route> {
    routes![ask_cancel, cancel, ask_cancel_all, cancel_all]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn cancelling_asks_first_and_names_what_stays() {
        let registration = registration();
        let one = CancelPlacePage {
            chrome: chrome(Area::Booking),
            session: session(),
            place: registration.places[1].clone(),
            registration: registration.clone(),
            form: FormState::default(),
            token: token(),
        };
        contains_all(
            &rendered("cancel-one", &one),
            &["Cancel Leila Haddad\u{2019}s place?", "Ruth Okafor", "and person 4", "name=\"why\""],
        );
        let all = CancelAllPage {
            chrome: chrome(Area::Booking),
            session: session(),
            registration,
            form: FormState::default(),
            token: token(),
        };
        contains_all(
            &rendered("cancel-all", &all),
            &[
                "Cancel all 5 places?",
                "You and Leila Haddad",
                "action=\"/r/0123456789abcdefghjkmnpqrs/cancel\"",
            ],
        );
    }
}
