//! What somebody on a place needs, corrected by the office on her word. Whoever opens it has read her needs, and
//! the log says so (P1).

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{change_attendee::ChangeError, correct_attendee::keep_needs},
        door::read_roster::note_reading,
    },
    domain::{
        place::Place, reference::Reference, registration::Registration, session::Session, wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState,
            edited::{self, DRAWN},
            person::PersonField,
        },
        guard::{Granted, ManageBookings, SameOrigin},
        leader::{opened::place, words::called},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/needs.html")]
struct PlaceNeedsPage {
    chrome: Chrome,
    session: Session,
    booking: Registration,
    place: Place,
    form: FormState<PersonField>,
    /// What the form was drawn from.
    drawn: String,
}

impl PlaceNeedsPage {
    fn name(&self) -> String {
        called(&self.place)
    }
}

const NEEDS: &[PersonField] =
    &[PersonField::Diet, PersonField::Allergy, PersonField::Access, PersonField::Interpreter];

async fn opened(
    desk: &Desk,
    who: &Who,
    reference: &Reference,
    number: u32,
) -> Result<(Session, Registration, Place), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = booking_for(&mut conn, who, reference).await?;
    let place = place(&booking, number)?;
    Ok((session, booking, place))
}

fn page(
    desk: &Desk,
    who: &Who,
    (session, booking, place): (Session, Registration, Place),
    form: FormState<PersonField>,
) -> PlaceNeedsPage {
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let drawn = edited::field(place.attendee.as_ref());
    PlaceNeedsPage { chrome, session, booking, place, form, drawn }
}

#[get("/office/bookings/<reference>/places/<number>/needs")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    number: u32,
) -> Result<Either<Redirect, Page<PlaceNeedsPage>>, Failure> {
    let about = opened(desk, &who, &reference, number).await?;
    let Some(attendee) = about.2.attendee.clone() else {
        // Nobody is named: there is nobody who needs anything.
        return Ok(Either::Left(Redirect::to(paths::office::place(&reference, &number))));
    };
    note_reading(&desk.ctx, &who.actor(), (&about.1, about.2.id)).await?;
    let mut form = FormState::default();
    form.fill_person(|field| field, &attendee);
    Ok(Either::Right(Page::ok(page(desk, &who, about, form))))
}

#[post("/office/bookings/<reference>/places/<number>/needs", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    number: u32,
    fields: Fields,
) -> Result<Either<Redirect, Page<PlaceNeedsPage>>, Failure> {
    let about = opened(desk, &who, &reference, number).await?;
    let Some(known) = about.2.attendee.clone() else {
        return Ok(Either::Left(Redirect::to(paths::office::place(&reference, &number))));
    };
    let mut form = FormState::sent_for(&fields, NEEDS);
    let needs = form.needs(|field| field, known.name.as_str());
    if !form.is_valid() {
        let mut page = page(desk, &who, about, form);
        page.drawn = fields.get(DRAWN).to_owned();
        return Ok(Either::Right(Page::unprocessable(page)));
    }
    let (id, actor, drawn) = ((about.1.id, about.2.id), who.actor(), edited::drawn(&fields));
    match keep_needs(&desk.ctx, &actor, id, needs, drawn).await {
        Ok(()) => {
            let done = format!("needs-{number}");
            Ok(Either::Left(Redirect::to(paths::office::booking(&reference).done(done))))
        }
        Err(ChangeError::Conflicts(conflicts)) => {
            let mut form = FormState::default();
            form.fill_person(|field| field, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let reader = (&actor, about.0.zone());
            edited::tell_person(&mut conn, &mut form, &conflicts, reader).await?;
            drop(conn);
            let mut page = page(desk, &who, about, form);
            page.drawn = conflicts.drawn.to_string();
            Ok(Either::Right(Page::conflict(page)))
        }
        Err(error) => {
            let back = paths::office::booking(&reference);
            Err(Failure::from(error).leads(back, "Back to the booking"))
        }
    }
}
