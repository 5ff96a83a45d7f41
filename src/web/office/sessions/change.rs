//! Changes that people are told about: each page says how many before anything happens.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{
        change_capacity::change_capacity,
        change_session::{ChangeSessionError, may_change},
        tell_change::{Said, SessionChange, change_and_tell, letters_of_change},
    },
    domain::{
        announcement::Told, clash::VenueUse, edit::Drawn, fill::Fill, id::SessionCode,
        plan::SessionPlan, registration::Registration, session::Session, text::Paragraph, wording,
    },
    store::{asked_news, door, registrations, watch},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            letter_look::LetterLook,
            session_fields::SessionField as Field,
            sessions::{
                plan_choices,
                plan_form::{filled, keep},
                plan_read::{fault_days, location},
            },
            venues::{self, VenueOption},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        refusal::beside,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_places, places, ask_venue, venue]
}

pub(super) type Who = Granted<PlanSessions>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Places,
    Times,
    Venue,
    Cancel,
}

/// Changing a session that people may have booked.
#[derive(Template)]
#[template(path = "office/sessions/change.html")]
pub(super) struct SessionChangePage {
    chrome: Chrome,
    session: Session,
    fill: Fill,
    change: Change,
    form: FormState<Field>,
    days: u32,
    now: DateTime<Utc>,
    /// How many people have a place and an address.
    reachable: usize,
    /// How many were asked by name or nominated, and have no place.
    asked: usize,
    /// How many came to a day that is over.
    came: usize,
    /// The venues of the list, where it gets another place.
    venues: Vec<VenueOption>,
    /// What moves with the days that are typed, each as it is and as it would be.
    pub(super) moving: Option<Vec<String>>,
    /// The letters it would be, as far as it can be said already.
    pub(super) letters: Option<Vec<LetterLook>>,
}

impl SessionChangePage {
    fn heading(&self) -> String {
        let title = &self.session.course.title;
        match self.change {
            Change::Places => format!("Places on {title}"),
            Change::Times => format!("Other days or times for {title}"),
            Change::Venue => format!("Another place for {title}"),
            Change::Cancel => format!("Cancel {title}?"),
        }
    }

    fn action(&self) -> Href {
        let code = &self.session.code;
        match self.change {
            Change::Places => paths::office::session_places(code),
            Change::Times => paths::office::session_times(code),
            Change::Venue => paths::office::session_venue(code),
            Change::Cancel => paths::office::session_cancel(code),
        }
    }

    fn people(&self) -> String {
        wording::count(self.reachable + self.asked, "person", "people")
    }

    fn booked(&self) -> String {
        wording::count(self.fill.confirmed as usize, "person has", "people have")
    }

    fn asked(&self) -> String {
        wording::count(self.asked, "person was", "people were")
    }

    fn came(&self) -> String {
        wording::count(self.came, "person came", "people came")
    }

    fn taken(&self) -> u32 {
        self.fill.confirmed + self.fill.kept()
    }

    /// What moves with the days.
    fn follows(&self) -> Vec<String> {
        let dates = self.session.dates();
        let opens = dates.booking_opens.filter(|at| *at > self.now);
        let dates = [
            ("Booking opens at", opens),
            ("Booking closes at", dates.booking_closes),
            ("Names can be changed until", dates.changes_close),
        ];
        let set = dates.into_iter().filter_map(|(what, at)| Some((what, at?)));
        set.map(|(what, at)| format!("{what} {}", wording::deadline(at, self.session.zone())))
            .collect()
    }

    fn day(&self, number: &u32) -> [Field; 4] {
        Field::day(*number)
    }

    fn is(&self, word: &str) -> bool {
        matches!(
            (self.change, word),
            (Change::Places, "places")
                | (Change::Times, "times")
                | (Change::Venue, "venue")
                | (Change::Cancel, "cancel")
        )
    }
}

pub(super) type Changed = Result<Redirect, Page<SessionChangePage>>;

pub(super) async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    change: Change,
    form: FormState<Field>,
) -> Result<SessionChangePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let fill = watch::fill_of(&mut conn, &session.code).await?;
    let days = u32::try_from(session.sittings.len()).unwrap_or(1);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let now = desk.ctx.now();
    let bookings = registrations::of_session(&mut conn, &session.code).await?;
    let reachable = bookings.iter().flat_map(Registration::reachable).count();
    let asked = asked_news::count(&mut conn, (&session.code, now)).await?;
    let came = door::attended_sittings(&mut conn, &session.code).await?.len();
    let (moving, letters) = (None, None);
    let venues = match change {
        Change::Venue => {
            venues::options(&mut conn, who, Some(&session), form.value(Field::VenueId)).await?
        }
        Change::Places | Change::Times | Change::Cancel => Vec::new(),
    };
    Ok(SessionChangePage {
        chrome,
        session,
        fill,
        change,
        form,
        days,
        now,
        reachable,
        asked,
        came,
        venues,
        moving,
        letters,
    })
}

pub(super) async fn ask(
    desk: &Desk,
    who: &Who,
    code: &SessionCode,
    change: Change,
) -> Result<Page<SessionChangePage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, who, code).await?;
    if let Err(refused) = may_change(&session, desk.ctx.now()) {
        let back = paths::office::session(code);
        return Err(Failure::from(refused).leads(back, "Back to the session"));
    }
    let form = filled(&SessionPlan::of(&session), session.zone(), true);
    Ok(Page::ok(page(desk, who, session, change, form).await?))
}

/// The page again with what the verb refused beside `field`, or the failure it is.
pub(super) async fn again(
    desk: &Desk,
    who: &Who,
    (session, change): (Session, Change),
    mut form: FormState<Field>,
    refusal: Option<(Field, ChangeSessionError)>,
) -> Result<Changed, Failure> {
    match refusal {
        // Sent twice: it is done.
        Some((_, ChangeSessionError::NothingChanged)) if is_stale(&session, &form) => {
            return Ok(Ok(Redirect::to(paths::office::session(&session.code).done("saved"))));
        }
        Some((_, ChangeSessionError::Conflicts(conflicts))) => {
            let (reader, typed) = ((&who.actor(), session.zone()), form);
            let mut form = filled(&conflicts.hers, session.zone(), true);
            for field in [Field::Why, Field::Typed, Field::Words] {
                form.fill(field, typed.value(field));
            }
            let mut conn = desk.ctx.store.read().await?;
            let place = |key: &str| match change {
                Change::Cancel => Field::Why,
                _ => Field::of_key(key),
            };
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, place).await?;
            // As it is now, so that she sees what she tells people of.
            let session = session_for(&mut conn, who, &session.code).await?;
            drop(conn);
            return Ok(Err(Page::conflict(page(desk, who, session, change, form).await?)));
        }
        Some((field, error)) => match beside(&mut form, field, error) {
            Ok(()) => {}
            Err(ChangeSessionError::Days(faults)) => {
                fault_days(&mut form, &faults, session.zone());
            }
            // No other input would do.
            Err(error) => {
                let failure = Failure::from(error);
                let back = paths::office::session(&session.code);
                return Err(failure.leads(back, "Back to the session"));
            }
        },
        None => {}
    }
    Ok(Err(Page::unprocessable(page(desk, who, session, change, form).await?)))
}

/// Asks about the venue, where a session would use it otherwise than it does.
pub(super) async fn asks(
    desk: &Desk,
    session: &Session,
    form: &mut FormState<Field>,
    used: &VenueUse,
) -> Result<bool, Failure> {
    if *used == VenueUse::of(session) {
        return Ok(false);
    }
    let mut conn = desk.ctx.store.read().await?;
    Ok(venues::asks(&mut conn, form, used, desk.ctx.now()).await?)
}

/// What she says of a change in her own words (`words`), or the fault beside the field.
pub(super) fn own_words(fields: &Fields, form: &mut FormState<Field>) -> Option<Paragraph> {
    form.fill(Field::Words, fields.of(Field::Words));
    form.paragraph(Field::Words, "your words")
}

/// The page with the letters that the change would be, and what moves with it; nothing is saved.
pub(super) async fn look(
    desk: &Desk,
    who: &Who,
    about: (Session, Change),
    (form, field): (FormState<Field>, Field),
    (change, said): (&SessionChange<'_>, Said<'_>),
    moving: Option<Vec<String>>,
) -> Result<Changed, Failure> {
    let (actor, code) = (who.actor(), about.0.code.clone());
    let letters = match letters_of_change(&desk.ctx, &actor, &code, change, said).await {
        Ok(letters) => Some(LetterLook::samples(letters, desk.ctx.now())),
        Err(ChangeSessionError::NothingChanged) if moving.is_some() => None,
        Err(error) => return again(desk, who, about, form, Some((field, error))).await,
    };
    let page = page(desk, who, about.0, about.1, form).await?;
    Ok(Err(Page::ok(SessionChangePage { moving, letters, ..page })))
}

/// Whether the form was drawn from another state than there is.
fn is_stale(session: &Session, form: &FormState<Field>) -> bool {
    let drawn = form.drawn();
    !drawn.is_empty() && drawn != Drawn::of(&SessionPlan::of(session)).to_string()
}

pub(super) fn told(code: &SessionCode, verb: &str, told: Told) -> Redirect {
    Redirect::to(paths::office::session(code).done(format_args!("{verb}-{}", told.people)))
}

#[get("/office/sessions/<code>/places")]
async fn ask_places(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionChangePage>, Failure> {
    ask(desk, &who, &code, Change::Places).await
}

#[post("/office/sessions/<code>/places", data = "<fields>")]
async fn places(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (mut form, drawn) = (keep(&fields), edited::drawn(&fields));
    let about = (session, Change::Places);
    let Ok(capacity) = form.value(Field::Capacity).trim().parse::<u32>() else {
        form.fault(Field::Capacity, "Enter a whole number from 1 to 100,000");
        return again(desk, &who, about, form, None).await;
    };
    let used = VenueUse { places: capacity, ..VenueUse::of(&about.0) };
    if asks(desk, &about.0, &mut form, &used).await? {
        return again(desk, &who, about, form, None).await;
    }
    match change_capacity(&desk.ctx, &who.actor(), &code, capacity, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(Redirect::to(paths::office::session(&code).done("places")))),
        Err(error) => again(desk, &who, about, form, Some((Field::Capacity, error))).await,
    }
}

#[get("/office/sessions/<code>/venue")]
async fn ask_venue(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionChangePage>, Failure> {
    ask(desk, &who, &code, Change::Venue).await
}

#[post("/office/sessions/<code>/venue", data = "<fields>")]
async fn venue(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (mut form, drawn) = (keep(&fields), edited::drawn(&fields));
    let about = (session, Change::Venue);
    let words = own_words(&fields, &mut form);
    let choice = venues::choice(&fields, &mut form);
    let mut conn = desk.ctx.store.read().await?;
    let chosen = venues::choose(&mut conn, &who, (&fields, &mut form), Some(&about.0)).await?;
    drop(conn);
    let location = location(&mut form).filter(|_| form.is_valid());
    let Some(location) = location else {
        return again(desk, &who, about, form, None).await;
    };
    let (change, said) = (SessionChange::Place(location, choice), (drawn.as_ref(), words.as_ref()));
    if fields.is("action", "look") {
        return look(desk, &who, about, (form, Field::Where), (&change, said), None).await;
    }
    let there = Session { venue: chosen, ..about.0.clone() };
    if asks(desk, &about.0, &mut form, &VenueUse::of(&there)).await? {
        return again(desk, &who, about, form, None).await;
    }
    match change_and_tell(&desk.ctx, &who.actor(), &code, &change, said).await {
        Ok(done) => Ok(Ok(told(&code, "moved", done))),
        Err(error) => again(desk, &who, about, form, Some((Field::Where, error))).await,
    }
}
