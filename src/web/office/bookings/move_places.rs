//! Moving places to another session.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::move_places::{MoveError, MoveRequest, Moved, drawn_from, move_as_shown},
    domain::{
        already::Already,
        id::SessionCode,
        place::Place,
        reference::Reference,
        registration::Registration,
        session::{Publication, Session},
        wording,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::words::called,
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_move, move_them]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Place = "place",
        To = "to",
        MayWait = "may_wait",
        SamePerson = "same_person" at "same-person",
    }
}

#[derive(Template)]
#[template(path = "office/bookings/move_places.html")]
struct BookingMovePage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    /// Where they could go, the same course first, then by date.
    targets: Vec<Target>,
    /// The numbers of the places that are ticked.
    chosen: Vec<u32>,
    form: FormState<Field>,
}

impl BookingMovePage {
    fn open(&self) -> Vec<&Place> {
        let is_open = |place: &&Place| place.state.status().is_open();
        self.booking.places.iter().filter(is_open).collect()
    }

    fn name(&self, place: &Place) -> String {
        called(place)
    }

    fn is_chosen(&self, place: &Place) -> bool {
        self.chosen.contains(&place.number)
    }

    fn same_course(&self) -> Vec<&Target> {
        self.of_course(true)
    }

    fn other_courses(&self) -> Vec<&Target> {
        self.of_course(false)
    }

    fn of_course(&self, same: bool) -> Vec<&Target> {
        self.targets.iter().filter(|one| one.is_same_course == same).collect()
    }
}

/// Another session to move to.
#[derive(Debug, Clone)]
struct Target {
    session: Session,
    /// Whether it is of the same course.
    is_same_course: bool,
}

impl Target {
    fn words(&self) -> String {
        let (session, free) = (&self.session, self.session.occupancy.open_to_all());
        format!(
            "{}, {}, {}: {}",
            session.course.title,
            wording::days(session),
            session.location.short_name(),
            wording::count(free as usize, "place free", "places free")
        )
    }
}

async fn move_page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    (form, chosen): (FormState<Field>, Vec<u32>),
) -> Result<BookingMovePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    coming.retain(|one| {
        let is_other = one.code != session.code && who.on(one).is_ok();
        is_other && one.publication == Publication::Published
    });
    coming.sort_by_key(Session::starts_at);
    let mut form = form;
    if form.drawn().is_empty() {
        form.draw_from(drawn_from(&booking.places, &coming).to_string());
    }
    let target = |one: Session| Target {
        is_same_course: one.course.slug == session.course.slug,
        session: one,
    };
    let targets = coming.into_iter().map(target).collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(BookingMovePage { chrome, session, booking, targets, chosen, form })
}

#[get("/office/bookings/<reference>/move")]
async fn ask_move(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<BookingMovePage>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let all = about.1.places.iter().map(|place| place.number).collect();
    Ok(Page::ok(move_page(desk, &who, about, (FormState::default(), all)).await?))
}

fn there(moved: &Moved) -> Redirect {
    let Moved { registration, confirmed, waiting, .. } = moved;
    let done = format!("moved-{confirmed}-{waiting}");
    Redirect::to(paths::office::booking(&registration.reference).done(done))
}

#[post("/office/bookings/<reference>/move", data = "<fields>")]
async fn move_them(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingMovePage>>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let mut form = FormState::sent(&fields);
    let ticked = fields.all_of(Field::Place);
    let is_ticked = |place: &&Place| ticked.contains(&place.number.to_string());
    let moving = about.1.places.iter().filter(is_ticked);
    let (places, chosen): (Vec<_>, Vec<_>) = moving.map(|one| (one.id, one.number)).unzip();
    if places.is_empty() {
        form.fault(Field::Place, "Choose who moves");
    } else if chosen.len() < ticked.len() {
        form.fault(Field::Place, "Somebody you chose is not in this booking. Choose who moves");
    }
    let may_wait = form.ticked(Field::MayWait);
    let to = form.value(Field::To).parse::<SessionCode>().ok();
    let target = match &to {
        Some(code) => sessions::find(&mut desk.ctx.store.read().await?, code).await?,
        None => None,
    };
    let Some(target) = target.filter(|_| form.is_valid()) else {
        if form.is_valid() || to.is_none() {
            form.fault(Field::To, "Choose where they move to");
        }
        let page = move_page(desk, &who, about, (form, chosen)).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    who.on(&target)?;
    let registration = about.1.id;
    let apart = fields.has(Field::SamePerson, "no");
    let request = MoveRequest { registration, places, to: target.code, may_wait, apart };
    let drawn = edited::drawn(&fields);
    match move_as_shown(&desk.ctx, &who.actor(), &request, drawn.as_ref()).await {
        Ok(moved) => return Ok(Either::Left(there(&moved))),
        Err(MoveError::Store(error)) => return Err(error.into()),
        Err(MoveError::Full { free }) => {
            let free = wording::count(free as usize, "place is", "places are");
            let way_out = "Choose fewer people, or let them wait there";
            form.fault(Field::To, format!("Only {free} free there. Nobody was moved. {way_out}"));
        }
        Err(MoveError::AlreadyThere(found)) => {
            let words = found.iter().map(Already::words_for_office).collect::<Vec<_>>();
            let words = format!("There: {}. Is this somebody else?", wording::list(&words));
            form.fault(Field::SamePerson, words);
            let template = move_page(desk, &who, about, (form, chosen)).await?;
            return Ok(Either::Right(Page { status: Status::Conflict, template }));
        }
        Err(MoveError::NotThere) => form.fault(Field::To, "Choose a session that takes bookings"),
        Err(
            error @ (MoveError::Settled(_) | MoveError::SomebodyElse(_) | MoveError::OtherDate(_)),
        ) => {
            let failure = Failure::from(error);
            return Err(failure.leads(paths::office::booking(&reference), "Back to the booking"));
        }
        Err(MoveError::NothingToMove) => {
            form.fault(Field::Place, "These places are not open any more");
        }
    }
    Ok(Either::Right(Page::unprocessable(move_page(desk, &who, about, (form, chosen)).await?)))
}
