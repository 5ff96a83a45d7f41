//! The same team on another session: the people of a booking are put on places that are held, and everything
//! stands in the ordinary steps to be looked at, changed and booked.

use askama::Template;
use rocket::{
    Route, State, get,
    http::{Cookie, CookieJar, SameSite},
    post,
    response::Redirect,
    routes,
};

use super::{draft::Draft, hold::HOLD_COOKIE, waiting::refusal};
use crate::{
    actions::booking::{
        hold_places::{HoldRequest, hold_places},
        refusals::HoldError,
    },
    domain::{
        already::sentence,
        attendee::{Attendee, Ticks},
        id::SessionCode,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{BookingStatus, Session},
        wording,
    },
    store::sessions,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        leader::opened::booked,
        limits::BookingPace,
        next::Next,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// How many sessions one list offers.
const OFFERED: usize = 100;

form_fields! {
    /// Which session, and who comes.
    enum Field {
        To = "to",
        Place = "place",
        Needs = "needs",
        SamePerson = "same_person" at "same-person",
    }
}

/// The same team on another session.
#[derive(Template)]
#[template(path = "booking/again.html")]
struct AgainPage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// What can be booked now, soonest first: the same course, and all others.
    same: Vec<Session>,
    others: Vec<Session>,
    /// Whose boxes are ticked, by number.
    ticked: Vec<u32>,
    form: FormState<Field>,
    /// Which attempt the form is: sending it twice holds once.
    attempt: String,
    /// Their private link.
    token: Token,
}

impl AgainPage {
    fn people(&self) -> Vec<(u32, String)> {
        people(&self.registration)
            .map(|(place, who)| (place.number, who.name.to_string()))
            .collect()
    }

    fn is_ticked(&self, number: &u32) -> bool {
        self.ticked.contains(number)
    }

    /// Whether anybody said what she needs.
    fn has_needs(&self) -> bool {
        let says = |who: &Attendee| who.dietary.is_some() || who.access.is_some();
        people(&self.registration).any(|(_, who)| says(who) || who.ticks != Ticks::default())
    }

    fn date(&self, session: &Session) -> String {
        let left = wording::count(session.occupancy.open_to_all() as usize, "place", "places");
        let (days, hours) = (wording::days(session), wording::hours(session));
        let (title, place) = (&session.course.title, session.location.short_name());
        format!("{title}: {days}, {hours}, {place} ({left} left)")
    }
}

/// Whoever was named on the booking and did not leave it.
fn people(registration: &Registration) -> impl Iterator<Item = (&Place, &Attendee)> {
    let left = |place: &Place| {
        matches!(place.state.status(), PlaceStatus::Cancelled | PlaceStatus::Expired)
    };
    let named = registration.places.iter().filter(move |place| !left(place));
    named.filter_map(|place| Some((place, place.attendee.as_ref()?)))
}

/// What can be booked now by people who come together, of any course.
async fn bookable(desk: &Desk, session: &Session) -> Result<(Vec<Session>, Vec<Session>), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    coming.retain(|one| {
        one.code != session.code
            && one.is_listed()
            && one.whole_series().is_none()
            && one.occupancy.open_to_all() > 0
            && matches!(one.booking_status(desk.ctx.now()), BookingStatus::Open { .. })
    });
    let near = |one: &Session| one.alliance.slug != session.alliance.slug;
    coming.sort_by_key(|one| (near(one), one.starts_at()));
    coming.truncate(OFFERED);
    Ok(coming.into_iter().partition(|one| one.course.slug == session.course.slug))
}

async fn page(
    desk: &Desk,
    (session, registration): (Session, Registration),
    token: Token,
    (form, ticked): (FormState<Field>, Vec<u32>),
) -> Result<AgainPage, Failure> {
    let (same, others) = bookable(desk, &session).await?;
    let chrome = desk.private_chrome(Area::Find);
    let attempt = desk.attempt();
    Ok(AgainPage { chrome, session, registration, same, others, ticked, form, attempt, token })
}

#[get("/r/<token>/again?<to>")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
    to: Option<&str>,
) -> Result<Page<AgainPage>, Failure> {
    let about = booked(desk, &token).await?;
    let ticked = people(&about.1).map(|(place, _)| place.number).collect();
    let mut form = FormState::default();
    form.fill(Field::To, to.unwrap_or_default());
    Ok(Page::ok(page(desk, about, token, (form, ticked)).await?))
}

#[post("/r/<token>/again", data = "<fields>")]
async fn hold(
    desk: &State<Desk>,
    _origin: SameOrigin,
    pace: BookingPace,
    token: Token,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Next<AgainPage>, Failure> {
    let about = booked(desk, &token).await?;
    let mut form = FormState::<Field>::sent(&fields);
    let ticked: Vec<u32> =
        fields.all("place").iter().filter_map(|number| number.parse().ok()).collect();
    let leader = &about.1.leader;
    // Whoever books comes first, as everywhere in the steps.
    let mut who: Vec<Attendee> = people(&about.1)
        .filter(|(place, _)| ticked.contains(&place.number))
        .map(|(_, who)| who.clone())
        .collect();
    who.sort_by_key(|one| one.name != leader.name);
    if who.is_empty() {
        form.fault(Field::Place, "Choose who comes");
    }
    let to: Option<SessionCode> = form.choice(Field::To, "Choose a session");
    let (true, Some(to)) = (form.is_valid(), to) else {
        let page = page(desk, about, token, (form, ticked)).await?;
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    };
    let request = HoldRequest {
        session: to.clone(),
        leader: leader.clone(),
        sender: about.1.sender.clone(),
        team: about.1.team,
        places: u32::try_from(who.len()).unwrap_or(u32::MAX),
        leader_comes: who.first().is_some_and(|one| one.name == leader.name),
        apart: form.is(Field::SamePerson, "no"),
        instead_of: None,
        attempt: fields.attempt().map(|attempt| attempt.row_id().to_string()),
        network: pace.network,
    };
    match hold_places(&desk.ctx, request).await {
        Ok(held) => {
            let draft = Draft::of_people(&who, form.is(Field::Needs, "yes"));
            draft.keep(desk, held.registration).await?;
            let cookie = Cookie::build((HOLD_COOKIE, held.token.secret().to_owned()))
                .same_site(SameSite::Lax)
                .http_only(true)
                .secure(desk.ctx.letterhead.base_url.starts_with("https://"))
                .path("/");
            cookies.add_private(cookie);
            let people = paths::booking::people(&to, &held.token);
            Ok(Next::Go(Box::new(Redirect::to(people))))
        }
        Err(HoldError::Store(error)) => Err(error.into()),
        Err(refused) => {
            let status = refusal(&refused);
            explain(&refused, &mut form);
            let template = page(desk, about, token, (form, ticked)).await?;
            Ok(Next::Show(Box::new(Page { status, template })))
        }
    }
}

fn explain(refused: &HoldError, form: &mut FormState<Field>) {
    let words = match refused {
        HoldError::AlreadyThere(found) => {
            form.fault(Field::SamePerson, format!("{}. Is this somebody else?", sentence(found)));
            return;
        }
        HoldError::NotEnough { free: 0 } => "Every place there is taken. Nothing is booked".to_owned(),
        HoldError::NotEnough { free } => {
            let left = wording::count(*free as usize, "place is", "places are");
            format!("Only {left} left there. Choose fewer people, or another session")
        }
        HoldError::InstitutionLimit { room } => {
            let left = wording::count(*room as usize, "more place", "more places");
            format!("Your institution can have {left} there. Choose fewer people, or another session")
        }
        HoldError::WrongNumber { most } => {
            format!("A booking there takes 1 to {most} people. Choose fewer people")
        }
        HoldError::TooMany => {
            "Several bookings are open under your address already. Finish one, or try again in a few minutes"
                .to_owned()
        }
        HoldError::NetworkHoldsTooMany { most } => {
            format!("{most} places are held from your network already. Finish a booking, or try again in a few minutes")
        }
        HoldError::WholeSeries(_) => {
            "The evenings of that series are booked together: open its page to book them all".to_owned()
        }
        HoldError::NoSuchSession
        | HoldError::NotOpen(_)
        | HoldError::AlreadyExtended
        | HoldError::Store(_) => "That session cannot be booked now. Choose another".to_owned(),
    };
    form.fault(Field::To, words);
}

pub fn routes() -> Vec<Route> {
    routes![ask, hold]
}
