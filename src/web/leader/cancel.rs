//! Giving up one place, or the whole booking: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::cancel_places::{Which, cancel_places},
    domain::{
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, why::why},
        guard::SameOrigin,
        leader::{
            manage::told,
            opened::{booked, place},
            words::{called, when},
        },
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
    /// Their private link.
    token: Token,
}

impl CancelPlacePage {
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
        let people = told(&self.registration, self.open())?;
        Some(match people.strip_prefix("you") {
            Some(rest) => format!("You{rest}"),
            None => people,
        })
    }

    fn open(&self) -> impl Iterator<Item = &Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open())
    }
}

#[get("/r/<token>/places/<number>/cancel")]
async fn ask_cancel(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<CancelPlacePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CancelPlacePage { chrome, session, registration, place, token }))
}

#[post("/r/<token>/places/<number>/cancel", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let (why, which) = (why(&fields), Which::One(place.id));
    cancel_places(&desk.ctx, &Actor::Leader, registration.id, which, why.as_ref()).await?;
    Ok(Redirect::to(paths::leader::booking(&token).done("cancelled")))
}

#[get("/r/<token>/cancel")]
async fn ask_cancel_all(desk: &State<Desk>, token: Token) -> Result<Page<CancelAllPage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CancelAllPage { chrome, session, registration, token }))
}

#[post("/r/<token>/cancel", data = "<fields>")]
async fn cancel_all(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let (_, registration) = booked(desk, &token).await?;
    let why = why(&fields);
    cancel_places(&desk.ctx, &Actor::Leader, registration.id, Which::All, why.as_ref()).await?;
    Ok(Redirect::to(paths::leader::booking(&token).done("all-cancelled")))
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
