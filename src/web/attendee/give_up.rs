//! Giving up her place: asked before it is done.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            cancel_places::{CancelError, Which, cancel_places},
            change_attendee::ChangeError,
        },
        places::let_go::places_let_go,
    },
    domain::{audit::Actor, place::PlaceStatus, session::Session},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, opened},
        failure::Failure,
        forms::{
            Fields, FormState,
            why::{Reason, why},
        },
        guard::SameOrigin,
        leader::words::when,
        next::Next,
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
    /// Who booked it for her and gets a letter, if somebody does.
    told: Option<String>,
    /// Whether the place is hers, so that somebody else could take it.
    is_hers: bool,
    form: FormState<Reason>,
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
    /// Whether somebody had it who gives it back.
    is_free: bool,
    told_leader: bool,
    told_calendar: bool,
}

#[get("/p/<token>/cancel")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<GiveUpPage>, Failure> {
    let opened = opened(desk, &token).await?;
    may_be_given_up(desk, &opened, &token).await?;
    Ok(Page::ok(page(desk, opened, token, FormState::default())))
}

fn page(desk: &Desk, opened: Opened, token: Token, form: FormState<Reason>) -> GiveUpPage {
    let chrome = desk.private_chrome(Area::Booking);
    let told = tells_leader(&opened).then(|| opened.registration.leader.name.to_string());
    let is_hers = opened.place.state.status() == PlaceStatus::Confirmed;
    GiveUpPage { chrome, session: opened.session, told, is_hers, form, token }
}

/// Whether a letter tells somebody else, who booked it for her.
fn tells_leader(opened: &Opened) -> bool {
    let Opened { registration, place, .. } = opened;
    registration.leader.email.is_some() && !registration.is_leaders(place)
}

/// What follows, a word each, for the page that says so.
fn follows(opened: &Opened) -> String {
    let is_hers = opened.place.state.status() == PlaceStatus::Confirmed;
    let has_address = opened.place.attendee.as_ref().is_some_and(|her| her.email.is_some());
    let words =
        [(is_hers, "free"), (tells_leader(opened), "leader"), (is_hers && has_address, "calendar")];
    let said: Vec<_> = words.into_iter().filter(|(so, _)| *so).map(|(_, word)| word).collect();
    said.join("-")
}

/// Refuses to ask about a place that cannot be given up, or was given up before.
async fn may_be_given_up(desk: &Desk, opened: &Opened, token: &Token) -> Result<(), Failure> {
    let Opened { session, place, .. } = opened;
    let own = || paths::attendee::place(token);
    if !place.state.status().is_open() {
        return Err(
            Failure::from(ChangeError::NoSuchPlace).leads(own(), "What became of your place")
        );
    }
    let mut conn = desk.ctx.store.read().await?;
    let lets_go = places_let_go(&mut conn, session, &[place], desk.ctx.now()).await?;
    lets_go.map_err(|settled| {
        Failure::from(CancelError::from(settled)).leads(own(), "Back to your place")
    })
}

#[post("/p/<token>/cancel", data = "<fields>")]
async fn give_up(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Next<GiveUpPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let why = match why(&fields) {
        Ok(why) => why,
        Err(form) => {
            let page = page(desk, opened, token, form);
            return Ok(Next::Show(Box::new(Page::unprocessable(page))));
        }
    };
    let follows = follows(&opened);
    let (id, which) = (opened.registration.id, Which::One(opened.place.id));
    let gone = cancel_places(&desk.ctx, &Actor::Attendee, id, which, why.as_ref()).await;
    gone.map_err(|error| {
        Failure::from(error).leads(paths::attendee::place(&token), "Back to your place")
    })?;
    let done = paths::public::place_given_up().done(follows);
    Ok(Next::Go(Box::new(Redirect::to(done))))
}

#[get("/place-given-up?<done>")]
fn given_up(desk: &State<Desk>, done: Option<&str>) -> Page<GivenUpPage> {
    let is_so = |word| done.unwrap_or_default().split('-').any(|one| one == word);
    Page::ok(GivenUpPage {
        chrome: desk.private_chrome(Area::Booking),
        is_free: is_so("free"),
        told_leader: is_so("leader"),
        told_calendar: is_so("calendar"),
    })
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
            told: Some("Ruth Okafor".to_owned()),
            is_hers: true,
            form: FormState::default(),
            token: token(),
        };
        contains_all(&rendered("give-up", &give_up), &["Yes, give up my place"]);
    }
}
