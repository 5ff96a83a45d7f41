//! One person more on a booking, on somebody's word; also when the public cannot book any more.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        add_people::{AddRequest, add_person},
        refusals::{BookError, HoldError},
    },
    domain::{
        already::Already, place::PlaceStatus, reference::Reference, registration::Registration,
        session::Session, wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, person::PersonField},
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, add]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/add.html")]
struct BookingAddPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    form: FormState<PersonField>,
    /// Whether she may be on the session already, and the organiser is asked (H2).
    asks_same: bool,
    /// Which attempt the form is.
    attempt: String,
}

impl BookingAddPage {
    fn free(&self) -> String {
        match self.session.occupancy.open_to_all() {
            0 if self.session.waiting_list => "No place is free: they will wait.".to_owned(),
            0 => "No place is free.".to_owned(),
            free => format!("{} free.", wording::count(free as usize, "place is", "places are")),
        }
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    reference: &Reference,
    form: FormState<PersonField>,
) -> Result<BookingAddPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let attempt = desk.attempt();
    Ok(BookingAddPage { chrome, session, booking, form, asks_same: false, attempt })
}

#[get("/office/bookings/<reference>/add")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<BookingAddPage>, Failure> {
    Ok(Page::ok(page(desk, &who, &reference, FormState::default()).await?))
}

/// What is said beside the name where nobody was added.
fn words(error: &BookError) -> Option<String> {
    let words = match error {
        BookError::Hold(HoldError::WrongNumber { most }) => {
            let most = wording::count(*most as usize, "person", "people");
            format!("One booking is for at most {most}. Nobody was added")
        }
        BookError::Hold(HoldError::InstitutionLimit { .. }) => {
            "The institution has all the places it can have on this session. Nobody was added"
                .to_owned()
        }
        BookError::Hold(HoldError::NotEnough { .. }) => {
            "Every place is taken, and there is no waiting list. Nobody was added".to_owned()
        }
        BookError::NominationMissing => {
            "As far as we know this person has not done the course that comes before. Book for \
             them apart, and say why they should come"
                .to_owned()
        }
        BookError::Hold(error @ HoldError::NotOpen(_)) => in_words(&error.to_string()),
        _ => return None,
    };
    Some(words)
}

#[post("/office/bookings/<reference>/add", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingAddPage>>, Failure> {
    let mut form = FormState::sent_for(&fields, PersonField::FIELDS);
    let follows =
        form.is(PersonField::Follows, "yes") && form.value(PersonField::Name).trim().is_empty();
    let attendee = match follows {
        true => None,
        false => form.person(|field| field, "the name of the person who is coming"),
    };
    let is_valid = form.is_valid();
    let mut page = page(desk, &who, &reference, form).await?;
    if !is_valid {
        return Ok(Either::Right(Page::unprocessable(page)));
    }
    let apart = fields.is("same_person", "no");
    let request =
        AddRequest { registration: page.booking.id, attendee, apart, attempt: fields.attempt() };
    match add_person(&desk.ctx, &who.actor(), request).await {
        Ok(status) => {
            let done = match status {
                PlaceStatus::Waiting => "booked-0-1",
                _ => "booked-1-0",
            };
            Ok(Either::Left(Redirect::to(paths::office::booking(&reference).done(done))))
        }
        Err(BookError::Hold(HoldError::AlreadyThere(found))) => {
            let found: Vec<_> = found.iter().map(Already::words_for_office).collect();
            let words = format!("{}. Is this somebody else?", found.join(". "));
            page.form.fault(PersonField::Name, words);
            page.asks_same = true;
            Ok(Either::Right(Page { status: Status::Conflict, template: page }))
        }
        Err(error) => match words(&error) {
            Some(words) => {
                page.form.fault(PersonField::Name, words);
                Ok(Either::Right(Page::unprocessable(page)))
            }
            None => {
                let back = paths::office::booking(&reference);
                Err(Failure::from(error).leads(back, "Back to the booking"))
            }
        },
    }
}
