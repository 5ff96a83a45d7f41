//! A day more, or a day less, of a session that people may have booked.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{
        change_session::{ChangeSessionError, NewTimes},
        tell_change::{Said, SessionChange, change_and_tell, letters_of_change},
    },
    domain::{
        id::{SessionCode, SittingId},
        plan::PlannedSitting,
        registration::Registration,
        session::{Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::registrations,
    web::{
        Desk, asked,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            letter_look::LetterLook,
            session_fields::{DayField, SessionField as Field},
            sessions::{
                change::{asks, own_words},
                plan_read::{day, fault_days},
                times::moved_use,
            },
        },
        page::{Area, Chrome, Page},
        paths,
        refusal::beside,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, add, ask_remove, remove]
}

type Who = Granted<PlanSessions>;
type Changed = Result<Redirect, Page<DaysPage>>;

/// The days of a session, with one to add, or one to take off.
#[derive(Template)]
#[template(path = "office/sessions/days.html")]
struct DaysPage {
    chrome: Chrome,
    session: Session,
    form: FormState<Field>,
    /// The day that is to be taken off.
    going: Option<Sitting>,
    /// How many people have a place and an address.
    people: usize,
    now: chrono::DateTime<chrono::Utc>,
    /// The letters that the change would be, as far as it can be said already.
    letters: Option<Vec<LetterLook>>,
}

impl DaysPage {
    fn people(&self) -> String {
        wording::count(self.people, "person", "people")
    }

    /// The fields of the day to add.
    fn new_day(&self) -> [Field; 4] {
        Field::day(next(&self.session))
    }

    fn is_draft(&self) -> bool {
        self.session.publication == Publication::Draft
    }

    fn may_move(&self, sitting: &Sitting) -> bool {
        self.is_draft() || sitting.ends_at > self.now
    }

    fn may_go(&self, sitting: &Sitting) -> bool {
        !self.is_draft() && self.session.sittings.len() > 1 && sitting.starts_at > self.now
    }
}

/// The number of a day that comes after the last.
fn next(session: &Session) -> u32 {
    u32::try_from(session.sittings.len()).unwrap_or(u32::MAX).saturating_add(1)
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    form: FormState<Field>,
    going: Option<Sitting>,
) -> Result<DaysPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let bookings = registrations::of_session(&mut conn, &session.code).await?;
    let people = bookings.iter().flat_map(Registration::reachable).count();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let (now, letters) = (desk.ctx.now(), None);
    Ok(DaysPage { chrome, session, form, going, people, now, letters })
}

/// The letters that a change would be.
async fn letters(
    desk: &Desk,
    who: &Who,
    code: &SessionCode,
    (change, said): (&SessionChange<'_>, Said<'_>),
) -> Result<Vec<LetterLook>, ChangeSessionError> {
    let letters = letters_of_change(&desk.ctx, &who.actor(), code, change, said).await?;
    Ok(LetterLook::samples(letters, desk.ctx.now()))
}

/// What the verb refused, beside `field`; or the failure it is.
fn refuse(
    form: &mut FormState<Field>,
    (session, field): (&Session, Field),
    error: ChangeSessionError,
) -> Result<(), Failure> {
    match beside(form, field, error) {
        Ok(()) => Ok(()),
        Err(ChangeSessionError::Days(faults)) => {
            fault_days(form, &faults, session.zone());
            Ok(())
        }
        Err(error) => {
            let back = paths::office::session(&session.code);
            Err(Failure::from(error).leads(back, "Back to the session"))
        }
    }
}

fn done(code: &SessionCode, people: usize) -> Redirect {
    Redirect::to(paths::office::session(code).done(format_args!("moved-{people}")))
}

#[get("/office/sessions/<code>/days")]
async fn show(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Page<DaysPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    Ok(Page::ok(page(desk, &who, session, FormState::default(), None).await?))
}

#[post("/office/sessions/<code>/days", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let number = next(&session);
    let [date, start, end, end_date] = Field::day(number);
    let typed = [date, start, end, end_date, Field::VenueAnyway];
    let mut form = FormState::sent_for(&fields, &typed);
    let words = own_words(&fields, &mut form);
    let planned = day(&mut form, number, None).filter(|_| form.is_valid());
    let Some(PlannedSitting { starts, ends }) = planned else {
        return Ok(Err(Page::unprocessable(page(desk, &who, session, form, None).await?)));
    };
    let new = [NewTimes { number, starts, ends }];
    let is_look = fields.is("action", "look");
    if !is_look && asks(desk, &session, &mut form, &moved_use(&session, &new)).await? {
        return Ok(Err(Page::unprocessable(page(desk, &who, session, form, None).await?)));
    }
    let (change, said) = (SessionChange::Times(&new), (None, words.as_ref()));
    let refused = if is_look {
        match letters(desk, &who, &code, (&change, said)).await {
            Ok(letters) => {
                let page = page(desk, &who, session, form, None).await?;
                return Ok(Err(Page::ok(DaysPage { letters: Some(letters), ..page })));
            }
            Err(error) => error,
        }
    } else {
        match change_and_tell(&desk.ctx, &who.actor(), &code, &change, said).await {
            Ok(told) => return Ok(Ok(done(&code, told.people))),
            Err(error) => error,
        }
    };
    refuse(&mut form, (&session, Field::Day(number, DayField::Date)), refused)?;
    Ok(Err(Page::unprocessable(page(desk, &who, session, form, None).await?)))
}

#[get("/office/sessions/<code>/remove-day?<day>")]
async fn ask_remove(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    day: Option<&str>,
) -> Result<Page<DaysPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    // A day that is gone already, or none: all of them, to choose from.
    let day: Option<SittingId> = asked::one("day", day, "it is a day of the session")?;
    let going = session.sittings.iter().find(|one| Some(one.id) == day).cloned();
    let change = going.as_ref().map(|day| SessionChange::DayOff(day.id));
    let mut page = page(desk, &who, session, FormState::default(), going).await?;
    if let Some(change) = change {
        page.letters = letters(desk, &who, &code, (&change, (None, None))).await.ok();
    }
    Ok(Page::ok(page))
}

#[post("/office/sessions/<code>/remove-day", data = "<fields>")]
async fn remove(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::default();
    let going = session.sittings.iter().find(|one| one.id.to_string() == fields.of(Field::DayOff));
    let Some(going) = going.cloned() else {
        form.fault(Field::DayOff, "This day is not one of the session any more");
        return Ok(Err(Page::unprocessable(page(desk, &who, session, form, None).await?)));
    };
    let words = own_words(&fields, &mut form);
    if !form.is_valid() {
        return Ok(Err(Page::unprocessable(page(desk, &who, session, form, Some(going)).await?)));
    }
    let (change, said) = (SessionChange::DayOff(going.id), (None, words.as_ref()));
    let refused = if fields.is("action", "look") {
        match letters(desk, &who, &code, (&change, said)).await {
            Ok(letters) => {
                let page = page(desk, &who, session, form, Some(going)).await?;
                return Ok(Err(Page::ok(DaysPage { letters: Some(letters), ..page })));
            }
            Err(error) => error,
        }
    } else {
        match change_and_tell(&desk.ctx, &who.actor(), &code, &change, said).await {
            Ok(told) => return Ok(Ok(done(&code, told.people))),
            Err(error) => error,
        }
    };
    refuse(&mut form, (&session, Field::DayOff), refused)?;
    Ok(Err(Page::unprocessable(page(desk, &who, session, form, Some(going)).await?)))
}
