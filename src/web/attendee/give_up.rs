//! Giving up her place: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::cancel_places::{Which, cancel_places},
    domain::{audit::Actor, session::Session},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, opened},
        failure::Failure,
        forms::{Fields, why::why},
        guard::SameOrigin,
        leader::words::when,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Asking before she gives up her place. The form has one field, `why`.
#[derive(Template)]
#[template(path = "attendee/give_up.html")]
struct GiveUpPage {
    chrome: Chrome,
    session: Session,
    /// Who booked it for her.
    leader_name: String,
    /// Their private link.
    token: Token,
}

impl GiveUpPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }
}

/// An attendee gave up her place.
#[derive(Debug, Template)]
#[template(path = "attendee/given_up.html")]
struct GivenUpPage {
    chrome: Chrome,
}

#[get("/p/<token>/cancel")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<GiveUpPage>, Failure> {
    let Opened { session, registration, .. } = opened(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    let leader_name = registration.leader.name.to_string();
    Ok(Page::ok(GiveUpPage { chrome, session, leader_name, token }))
}

#[post("/p/<token>/cancel", data = "<fields>")]
async fn give_up(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let Opened { registration, place, .. } = opened(desk, &token).await?;
    let (why, which) = (why(&fields), Which::One(place.id));
    cancel_places(&desk.ctx, &Actor::Attendee, registration.id, which, why.as_ref()).await?;
    Ok(Redirect::to(paths::public::place_given_up()))
}

#[get("/place-given-up")]
fn given_up(desk: &State<Desk>) -> Page<GivenUpPage> {
    Page::ok(GivenUpPage { chrome: desk.private_chrome(Area::Booking) })
}

pub fn routes() -> Vec<Route> {
    routes![ask, give_up, given_up]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn giving_up_a_place_ends_in_a_button() {
        let give_up = GiveUpPage {
            chrome: chrome(Area::Booking),
            session: session(),
            leader_name: "Ruth Okafor".to_owned(),
            token: token(),
        };
        contains_all(&rendered("give-up", &give_up), &["Yes, give up my place"]);
    }
}
