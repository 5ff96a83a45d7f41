//! Coming on another date: the same people, the same course. The old places are kept until the new ones are
//! sure.

use askama::Template;
use rocket::{Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::move_places::{MoveError, MoveRequest, drawn_from, move_as_shown},
    domain::{
        already::Already,
        audit::Actor,
        id::SessionCode,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{BookingMode, BookingStatus, Session},
        wording,
    },
    store::sessions,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::SameOrigin,
        leader::{
            opened::booked,
            words::{accepts_changes, called, when},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    /// Who comes on another date, and on which.
    enum Field {
        To = "to",
        Place = "place",
        SamePerson = "same_person" at "same-person",
    }
}

/// Another date of the same course.
#[derive(Template)]
#[template(path = "leader/move_date.html")]
struct MoveDatePage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    /// The other dates that can be booked, soonest first.
    dates: Vec<Session>,
    /// Whose boxes are ticked, by number.
    ticked: Vec<u32>,
    form: FormState<Field>,
    /// Their private link.
    token: Token,
}

impl MoveDatePage {
    fn when(&self) -> String {
        when(&self.session)
    }

    /// Those who have a place.
    fn people(&self) -> Vec<(u32, String)> {
        self.registration.confirmed().map(|place| (place.number, called(place))).collect()
    }

    /// Whose places the page shows, and which dates.
    fn drawn(&self) -> String {
        drawn_from(self.registration.confirmed(), &self.dates).to_string()
    }

    fn is_ticked(&self, number: &u32) -> bool {
        self.ticked.contains(number)
    }

    /// `Wed 9 December, 7pm to 9pm, Peckham: 4 places left`.
    fn date(&self, session: &Session) -> String {
        let left = wording::count(session.occupancy.open_to_all() as usize, "place", "places");
        let (days, hours) = (wording::days(session), wording::hours(session));
        format!("{days}, {hours}, {}: {left} left", session.location.short_name())
    }
}

/// The dates a booking could move to: of the same course, booked at once, open now, and not full.
async fn dates(desk: &Desk, session: &Session) -> Result<Vec<Session>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    coming.retain(|one| {
        one.code != session.code
            && one.is_listed()
            && one.whole_series().is_none()
            && one.course.slug == session.course.slug
            && one.mode == BookingMode::Instant
            && one.occupancy.open_to_all() > 0
            && matches!(one.booking_status(desk.ctx.now()), BookingStatus::Open { .. })
    });
    coming.sort_by_key(Session::starts_at);
    Ok(coming)
}

async fn page(
    desk: &Desk,
    (session, registration): (Session, Registration),
    token: Token,
    (form, ticked): (FormState<Field>, Vec<u32>),
) -> Result<MoveDatePage, Failure> {
    let dates = dates(desk, &session).await?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(MoveDatePage { chrome, session, registration, dates, ticked, form, token })
}

#[get("/r/<token>/move")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
) -> Result<Result<Page<MoveDatePage>, Redirect>, Failure> {
    let about = booked(desk, &token).await?;
    let has_place = about.1.confirmed().next().is_some();
    if !has_place || !accepts_changes(&about.0, desk.ctx.now()) {
        return Ok(Err(Redirect::to(paths::leader::booking(&token).done("late"))));
    }
    let everybody = about.1.confirmed().map(|place| place.number).collect();
    let form = (FormState::default(), everybody);
    Ok(Ok(Page::ok(page(desk, about, token, form).await?)))
}

#[post("/r/<token>/move", data = "<fields>")]
async fn move_them(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<MoveDatePage>>, Failure> {
    let about = booked(desk, &token).await?;
    if !accepts_changes(&about.0, desk.ctx.now()) {
        return Ok(Ok(Redirect::to(paths::leader::booking(&token).done("late"))));
    }
    let mut form = FormState::<Field>::sent(&fields);
    let ticked: Vec<u32> =
        fields.all("place").iter().filter_map(|number| number.parse().ok()).collect();
    let chosen = |place: &&Place| {
        ticked.contains(&place.number) && place.state.status() == PlaceStatus::Confirmed
    };
    let places: Vec<_> = about.1.places.iter().filter(chosen).map(|place| place.id).collect();
    if places.is_empty() {
        form.fault(Field::Place, "Choose who comes on the other date");
    }
    let to: Option<SessionCode> = form.choice(Field::To, "Choose the other date");
    let (true, Some(to)) = (form.is_valid(), to) else {
        let page = page(desk, about, token, (form, ticked)).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    let apart = form.is(Field::SamePerson, "no");
    let registration = about.1.id;
    let request = MoveRequest { registration, places, to, may_wait: false, apart };
    let drawn = edited::drawn(&fields);
    match move_as_shown(&desk.ctx, &Actor::Leader, &request, drawn.as_ref()).await {
        Ok(moved) => {
            let there = moved.link.as_ref().unwrap_or(&token);
            Ok(Ok(Redirect::to(paths::leader::booking(there).done("moved"))))
        }
        Err(refused) => {
            let status = explain(refused, &token, &mut form)?;
            let template = page(desk, about, token, (form, ticked)).await?;
            Ok(Err(Page { status, template }))
        }
    }
}

/// Words a refusal beside the field it is about: she looks again at what stands there now.
fn explain(
    refused: MoveError,
    token: &Token,
    form: &mut FormState<Field>,
) -> Result<Status, Failure> {
    match refused {
        MoveError::Store(error) => return Err(error.into()),
        MoveError::Settled(_) | MoveError::NothingToMove => {
            let back = (paths::leader::booking(token), "Back to your booking");
            return Err(Failure::from(refused).leads(back.0, back.1));
        }
        MoveError::Full { free } => {
            let free = wording::count(free as usize, "place is", "places are");
            form.fault(Field::To, format!("Only {free} free there. Nobody was moved"));
        }
        MoveError::NotThere => {
            form.fault(Field::To, "That date cannot be booked any more. Choose another");
        }
        MoveError::AlreadyThere(found) => {
            let words = found.iter().map(Already::words).collect::<Vec<_>>();
            let words = format!("There: {}. Is this somebody else?", wording::list(&words));
            form.fault(Field::SamePerson, words);
            return Ok(Status::Conflict);
        }
        MoveError::SomebodyElse(_) => {
            form.fault(Field::Place, format!("{refused}. Nobody was moved"));
            return Ok(Status::Conflict);
        }
        MoveError::OtherDate(now) => {
            let words = "That date has changed since the page was opened";
            form.fault(Field::To, format!("{words}: it is {now} now. Nobody was moved"));
            return Ok(Status::Conflict);
        }
    }
    Ok(Status::UnprocessableEntity)
}

pub fn routes() -> Vec<Route> {
    routes![ask, move_them]
}
