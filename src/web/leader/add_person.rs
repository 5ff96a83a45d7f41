//! One person more on a booking.

use askama::Template;
use rocket::{Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        add_people::{AddRequest, add_person},
        refusals::{BookError, HoldError},
    },
    domain::{
        already::sentence,
        audit::Actor,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{BookingMode, BookingStatus, Session},
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, person::PersonField},
        guard::SameOrigin,
        leader::{opened::booked, words::when},
        page::{Area, Chrome, Page},
        paths,
    },
};

/// One person more.
#[derive(Template)]
#[template(path = "leader/add_person.html")]
struct AddPersonPage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    form: FormState<PersonField>,
    /// Whether she may be on the session already, and the leader is asked (H2).
    asks_same: bool,
    /// Which attempt the form is.
    attempt: String,
    /// Their private link.
    token: Token,
}

impl AddPersonPage {
    fn when(&self) -> String {
        when(&self.session)
    }

    /// How many more there may be.
    fn room(&self) -> u32 {
        room(&self.session, &self.registration)
    }

    /// What becomes of her.
    fn outlook(&self) -> &'static str {
        let free = self.session.occupancy.open_to_all();
        match (self.session.mode, free, self.session.waiting_list) {
            (BookingMode::Approval, ..) => "The organiser decides about this place.",
            (_, 0, true) => "Every place is taken for now. This person waits on the list.",
            (_, 0, false) => "Every place is taken for now.",
            _ => "There is a place for this person.",
        }
    }
}

/// How many more people a booking may have; none where only the office books.
pub fn room(session: &Session, registration: &Registration) -> u32 {
    if !session.has_page() || session.whole_series().is_some() {
        return 0;
    }
    let is_open = |place: &&Place| place.state.status().is_open();
    let there = registration.places.iter().filter(is_open).count();
    session.places_per_booking.saturating_sub(u32::try_from(there).unwrap_or(u32::MAX))
}

fn page(
    desk: &Desk,
    (session, registration): (Session, Registration),
    token: Token,
    form: FormState<PersonField>,
) -> AddPersonPage {
    let chrome = desk.private_chrome(Area::Booking);
    let attempt = Token::generate(&*desk.ctx.random).secret().to_owned();
    AddPersonPage { chrome, session, registration, form, asks_same: false, attempt, token }
}

#[get("/r/<token>/add")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
) -> Result<Result<Page<AddPersonPage>, Redirect>, Failure> {
    let about = booked(desk, &token).await?;
    let is_open = matches!(about.0.booking_status(desk.ctx.now()), BookingStatus::Open { .. });
    if !is_open || room(&about.0, &about.1) == 0 {
        return Ok(Err(Redirect::to(paths::leader::booking(&token).done("no-more"))));
    }
    Ok(Ok(Page::ok(page(desk, about, token, FormState::default()))))
}

#[post("/r/<token>/add", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<AddPersonPage>>, Failure> {
    let about = booked(desk, &token).await?;
    let mut form = FormState::sent_for(&fields, PersonField::FIELDS);
    let follows =
        form.is(PersonField::Follows, "yes") && form.value(PersonField::Name).trim().is_empty();
    let attendee = match follows {
        true => None,
        false => form.person(|field| field, "the name of the person who is coming"),
    };
    if !form.is_valid() {
        return Ok(Err(Page::unprocessable(page(desk, about, token, form))));
    }
    let apart = fields.is("same_person", "no");
    let request =
        AddRequest { registration: about.1.id, attendee, apart, attempt: fields.attempt() };
    let words = match add_person(&desk.ctx, &Actor::Leader, request).await {
        Ok(status) => {
            let done = match status {
                PlaceStatus::Requested => "asked-more",
                PlaceStatus::Waiting => "waits-more",
                _ => "added",
            };
            return Ok(Ok(Redirect::to(paths::leader::booking(&token).done(done))));
        }
        Err(BookError::Hold(HoldError::AlreadyThere(found))) => {
            let words = format!("{}. Is this somebody else?", sentence(&found));
            form.fault(PersonField::Name, words);
            let template = AddPersonPage { asks_same: true, ..page(desk, about, token, form) };
            return Ok(Err(Page { status: Status::Conflict, template }));
        }
        Err(BookError::Hold(HoldError::InstitutionLimit { .. })) => {
            "Your institution has all the places it can have on this session. Nobody was added"
        }
        Err(BookError::Hold(HoldError::NotEnough { .. })) => {
            "Every place is taken, and there is no waiting list. Nobody was added"
        }
        Err(BookError::NominationMissing) => {
            "As far as we know this person has not done the course that comes before. Make a booking \
             of its own for them, and tell the organiser why they should come"
        }
        Err(error) => {
            let back = (paths::leader::booking(&token), "Back to your booking");
            return Err(Failure::from(error).leads(back.0, back.1));
        }
    };
    form.fault(PersonField::Name, words);
    Ok(Err(Page::unprocessable(page(desk, about, token, form))))
}

pub fn routes() -> Vec<Route> {
    routes![ask, add]
}
