//! Where one day of a session is held, if not where the others are.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{change_session::ChangeSessionError, relocate::relocate_day},
    domain::{
        clash::VenueUse,
        edit::Drawn,
        id::SessionCode,
        location::{Location, LocationFault},
        plan::SessionPlan,
        registration::Registration,
        session::{Publication, Session},
        sitting::{DayPlace, Sitting},
        wording,
    },
    store::registrations,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            session_fields::SessionField as Field,
            sessions::change::asks,
            venues::{self, VenueOption},
        },
        page::{Area, Chrome, Page},
        paths,
        refusal::beside,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<PlanSessions>;

#[derive(Template)]
#[template(path = "office/sessions/day_place.html")]
struct DayPlacePage {
    chrome: Chrome,
    session: Session,
    day: Sitting,
    form: FormState<Field>,
    venues: Vec<VenueOption>,
    /// How many people have a place and an address.
    people: usize,
}

impl DayPlacePage {
    fn people(&self) -> String {
        wording::count(self.people, "person", "people")
    }

    fn is_draft(&self) -> bool {
        self.session.publication == Publication::Draft
    }
}

/// The day with this number.
fn day_of(session: &Session, number: u32) -> Result<Sitting, Failure> {
    let day = session.sittings.iter().find(|one| one.number == number);
    day.cloned().ok_or(Failure::NotFound)
}

/// The form of a day as it is.
fn filled(session: &Session, day: &Sitting) -> FormState<Field> {
    let mut form = FormState::default();
    form.fill(Field::Where, if day.place.is_some() { "venue" } else { "same" });
    if let Some(DayPlace { venue, name, address }) = &day.place {
        form.fill(Field::VenueId, venue.as_ref().map(ToString::to_string).unwrap_or_default());
        form.fill(Field::Venue, name);
        form.fill(Field::Address, address);
    }
    form.draw_from(Drawn::of(&SessionPlan::of(session)).to_string());
    form
}

async fn page(
    desk: &Desk,
    who: &Who,
    (session, day): (Session, Sitting),
    form: FormState<Field>,
) -> Result<DayPlacePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let bookings = registrations::of_session(&mut conn, &session.code).await?;
    let people = bookings.iter().flat_map(Registration::reachable).count();
    let chosen = form.value(Field::VenueId);
    let venues = venues::options(&mut conn, who, Some(&session), chosen).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(DayPlacePage { chrome, session, day, form, venues, people })
}

#[get("/office/sessions/<code>/days/<number>/place")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    number: u32,
) -> Result<Page<DayPlacePage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let day = day_of(&session, number)?;
    let form = filled(&session, &day);
    Ok(Page::ok(page(desk, &who, (session, day), form).await?))
}

/// The day as it would be held: what was typed, or nothing where it is held with the others.
async fn read(
    desk: &Desk,
    who: &Who,
    (fields, form): (&Fields, &mut FormState<Field>),
    (session, day): (&Session, &Sitting),
) -> Result<Option<DayPlace>, Failure> {
    match form.value(Field::Where) {
        "same" => return Ok(None),
        "venue" | "" => form.fill(Field::Where, "venue"),
        _ => form.fault(Field::Where, "Choose where this day is held"),
    }
    let (location, venue) = (session.location_on(day), session.venue_of(day).cloned());
    let as_it_is = Session { location, venue, ..session.clone() };
    let mut conn = desk.ctx.store.read().await?;
    let venue = venues::choose(&mut conn, who, (fields, form), Some(&as_it_is)).await?;
    match Location::venue(form.value(Field::Venue), form.value(Field::Address)) {
        Ok(Location::Venue { name, address }) => Ok(Some(DayPlace { venue, name, address })),
        Ok(Location::Online { .. }) => Ok(None),
        Err(fault) => {
            let field = if fault == LocationFault::Address { Field::Address } else { Field::Venue };
            form.fault(field, in_words(&fault.to_string()));
            Ok(None)
        }
    }
}

#[post("/office/sessions/<code>/days/<number>/place", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<DayPlacePage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let day = day_of(&session, number)?;
    let mut form = FormState::sent_for(
        &fields,
        &[Field::Where, Field::VenueId, Field::Venue, Field::Address, Field::VenueAnyway],
    );
    let (drawn, choice) = (edited::drawn(&fields), venues::choice(&fields, &mut form));
    let place = read(desk, &who, (&fields, &mut form), (&session, &day)).await?;
    if form.is_valid() {
        let mut there = session.clone();
        let its = there.sittings.iter_mut().filter(|one| one.id == day.id);
        its.for_each(|one| one.place.clone_from(&place));
        asks(desk, &session, &mut form, &VenueUse::of(&there)).await?;
    }
    if form.is_valid() {
        let typed = place.map(|place| place.location());
        let (about, actor) = ((&code, number), who.actor());
        let done = relocate_day(&desk.ctx, &actor, about, (typed, &choice), drawn.as_ref());
        match done.await {
            Ok(told) => {
                let done = format!("moved-{}", told.people);
                return Ok(Ok(Redirect::to(paths::office::session(&code).done(done))));
            }
            Err(ChangeSessionError::Conflicts(_)) => {
                let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
                let day = day_of(&session, number)?;
                form.draw_from(Drawn::of(&SessionPlan::of(&session)).to_string());
                let now = session.location_on(&day).public_line();
                let words = format!("Somebody else changed where this day is held, to {now}");
                form.fault(Field::Where, format!("{words}. Send it again to save yours"));
                return Ok(Err(Page::conflict(page(desk, &who, (session, day), form).await?)));
            }
            Err(error) => {
                let back = paths::office::session(&code);
                beside(&mut form, Field::Where, error)
                    .map_err(|error| Failure::from(error).leads(back, "Back to the session"))?;
            }
        }
    }
    Ok(Err(Page::unprocessable(page(desk, &who, (session, day), form).await?)))
}
