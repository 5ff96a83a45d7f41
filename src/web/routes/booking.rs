//! Booking, from the second step on: who is coming, check, booked.

use rocket::{Route, State, get, http::CookieJar, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        book_places::{BookError, confirm_booking, standing},
        hold_places::{HoldError, extend_hold, held_until, hold_again},
        name_attendees::{drop_place, name_attendees},
        prerequisites::who_lacks,
    },
    domain::{
        id::{RegistrationId, SessionCode},
        registration::Registration,
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
        wording,
    },
    store::{
        links::{self, LinkTarget},
        registrations, sessions,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        page::{Area, Page},
        public::booking::{Booked, BookingCheck, BookingPeople},
        routes::{
            booking_form::{self, Steps},
            people_form,
        },
    },
};

/// The cookie that knows which hold is yours, so that no page tells you "full" because of it.
pub(super) const HOLD_COOKIE: &str = "turnout-hold";

/// Whichever page a step leads to.
#[derive(rocket::Responder)]
pub(super) enum Step<T> {
    Show(Box<Page<T>>),
    Go(Box<Redirect>),
}

pub(super) async fn session(desk: &Desk, code: &SessionCode) -> Result<Session, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = sessions::find(&mut conn, code).await?;
    found
        .filter(|session| session.booking_status(desk.ctx.now()) != BookingStatus::Draft)
        .ok_or(Failure::NotFound)
}

/// The registration a leader's token opens.
pub(super) async fn opened_by(
    desk: &Desk,
    token: &Token,
) -> Result<(Session, Registration), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let target = links::find(&mut conn, token.hash(), desk.ctx.now()).await?;
    let Some(LinkTarget::Leader(id)) = target else { return Err(Failure::NotFound) };
    let registration = registrations::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let session =
        sessions::find(&mut conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    Ok((session, registration))
}

/// The hold this browser has on a session, if it still has one.
pub(super) async fn own_hold(
    desk: &Desk,
    cookies: &CookieJar<'_>,
    code: &SessionCode,
) -> Option<(Token, Registration)> {
    let token: Token = cookies.get_private(HOLD_COOKIE)?.value().parse().ok()?;
    let (_, registration) = opened_by(desk, &token).await.ok()?;
    let mine = registration.session == *code && registration.booked_at.is_none();
    let until = held_until(&registration)?;
    (mine && until > desk.ctx.now()).then_some((token, registration))
}

/// What a step needs to know: the session, the registration, and a notice if its hold ran out.
struct Step2 {
    session: Session,
    registration: Registration,
    notice: Option<String>,
}

/// Opens a booking that is being typed. A hold that ran out is tried again, keeping the input.
async fn typing(desk: &Desk, code: &SessionCode, token: &Token) -> Result<Step2, Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if session.code != *code {
        return Err(Failure::NotFound);
    }
    let id = registration.id;
    let live = held_until(&registration).is_some_and(|until| until > desk.ctx.now());
    if live || registration.booked_at.is_some() {
        return Ok(Step2 { session, registration, notice: None });
    }
    crate::actions::waiting::settle::settle_all(&desk.ctx).await?;
    let notice = match hold_again(&desk.ctx, id).await {
        Ok(()) => "Your hold ended, but your places were still free. We are holding them again.",
        Err(HoldError::Store(error)) => return Err(error.into()),
        Err(_) => "Your hold ended, and the places have been taken. Nothing is booked.",
    };
    let (session, registration) = opened_by(desk, token).await?;
    Ok(Step2 { session, registration, notice: Some(notice.to_owned()) })
}

fn until_words(session: &Session, registration: &Registration) -> String {
    let until = held_until(registration).map(|until| until.with_timezone(&session.zone()));
    until.map_or_else(String::new, |until| wording::time(until.time()))
}

fn people_page(desk: &Desk, step: Step2, steps: Steps, form: FormState) -> BookingPeople {
    BookingPeople {
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        notice: step.notice,
        start_href: steps.start,
        people_href: steps.people,
        hold_href: steps.hold,
        hold_minutes: desk.ctx.hold.num_minutes(),
        form,
    }
}

#[get("/sessions/<code>/register/<token>/people")]
async fn people(
    desk: &State<Desk>,
    code: SessionCode,
    token: Token,
) -> Result<Step<BookingPeople>, Failure> {
    let step = typing(desk, &code, &token).await?;
    if step.registration.booked_at.is_some() {
        return Ok(Step::Go(Box::new(Redirect::to(format!("/r/{}/booked", token.secret())))));
    }
    let mut form = FormState::default();
    people_form::prefill_people(&mut form, &step.registration);
    let page = people_page(desk, step, Steps::of(&code, &token), form);
    Ok(Step::Show(Box::new(Page::ok(page))))
}

#[post("/sessions/<code>/register/<token>/people", data = "<fields>")]
async fn name_people(
    desk: &State<Desk>,
    _origin: SameOrigin,
    code: SessionCode,
    token: Token,
    fields: Fields,
) -> Result<Step<BookingPeople>, Failure> {
    let steps = Steps::of(&code, &token);
    let step = typing(desk, &code, &token).await?;
    if step.registration.booked_at.is_some() {
        return Ok(Step::Go(Box::new(Redirect::to(format!("/r/{}/booked", token.secret())))));
    }
    let id = step.registration.id;
    let mut form = people_form::keep_people(&fields, &step.registration);
    let attendees =
        people_form::parse_people(&step.session, &step.registration, &fields, &mut form);
    if let Ok(number) = fields.get("remove").parse::<u32>() {
        let typed: Vec<_> = attendees.into_iter().filter(|(n, _)| *n != number).collect();
        name_attendees(&desk.ctx, id, &typed).await?;
        drop_place(&desk.ctx, id, number).await?;
        return Ok(Step::Go(Box::new(Redirect::to(steps.people))));
    }
    if !form.is_valid() || step.notice.is_some() {
        let page = people_page(desk, step, steps, form);
        return Ok(Step::Show(Box::new(Page::unprocessable(page))));
    }
    name_attendees(&desk.ctx, id, &attendees).await?;
    Ok(Step::Go(Box::new(Redirect::to(steps.check))))
}

#[post("/sessions/<code>/register/<token>/hold")]
async fn extend(
    desk: &State<Desk>,
    _origin: SameOrigin,
    code: SessionCode,
    token: Token,
) -> Result<Redirect, Failure> {
    let step = typing(desk, &code, &token).await?;
    match extend_hold(&desk.ctx, step.registration.id).await {
        Err(HoldError::Store(error)) => Err(error.into()),
        _ => Ok(Redirect::to(Steps::of(&code, &token).people)),
    }
}

async fn check_page(
    desk: &Desk,
    step: Step2,
    steps: Steps,
    form: FormState,
) -> Result<BookingCheck, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let nominated = match step.session.mode {
        BookingMode::Instant => who_lacks(&mut conn, &step.session, &step.registration).await?,
        BookingMode::Approval => Vec::new(),
    };
    drop(conn);
    Ok(BookingCheck {
        nominated,
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        start_href: steps.start,
        people_href: steps.people,
        check_href: steps.check,
        form,
    })
}

#[get("/sessions/<code>/register/<token>/check")]
async fn check(
    desk: &State<Desk>,
    code: SessionCode,
    token: Token,
) -> Result<Step<BookingCheck>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    if step.registration.booked_at.is_some() {
        return Ok(Step::Go(Box::new(Redirect::to(format!("/r/{}/booked", token.secret())))));
    }
    if step.notice.is_some() {
        return Ok(Step::Go(Box::new(Redirect::to(steps.people))));
    }
    let page = check_page(desk, step, steps, FormState::default()).await?;
    Ok(Step::Show(Box::new(Page::ok(page))))
}

#[post("/sessions/<code>/register/<token>/check", data = "<fields>")]
async fn book(
    desk: &State<Desk>,
    _origin: SameOrigin,
    code: SessionCode,
    token: Token,
    fields: Fields,
) -> Result<Step<BookingCheck>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    let booked = format!("/r/{}/booked", token.secret());
    if step.registration.booked_at.is_some() {
        return Ok(Step::Go(Box::new(Redirect::to(booked))));
    }
    if step.notice.is_some() || unnamed(&step.registration) {
        return Ok(Step::Go(Box::new(Redirect::to(steps.people))));
    }
    let mut form = FormState::default();
    form.keep("permission", fields.get("permission"));
    form.keep("nomination", fields.get("nomination"));
    if !fields.is("permission", "yes") {
        form.fault("permission", "Tick to say the people named know you are booking");
    }
    let nomination = Paragraph::parse_optional(fields.get("nomination"));
    if let Err(fault) = &nomination {
        form.fault("nomination", booking_form::complaint(*fault, "what you tell the organiser"));
    }
    if !form.is_valid() {
        let page = check_page(desk, step, steps, form).await?;
        return Ok(Step::Show(Box::new(Page::unprocessable(page))));
    }
    let nomination = nomination.ok().flatten();
    let id: RegistrationId = step.registration.id;
    match confirm_booking(&desk.ctx, id, &token, nomination.as_ref()).await {
        Ok(_) => Ok(Step::Go(Box::new(Redirect::to(booked)))),
        Err(BookError::HoldRanOut { .. }) => Ok(Step::Go(Box::new(Redirect::to(steps.people)))),
        Err(BookError::NominationMissing) => {
            form.fault("nomination", "Tell the organiser why they should come");
            let page = check_page(desk, step, steps, form).await?;
            Ok(Step::Show(Box::new(Page::unprocessable(page))))
        }
        Err(error) => Err(error.into()),
    }
}

fn unnamed(registration: &Registration) -> bool {
    registration
        .places
        .iter()
        .any(|place| place.state.status().is_open() && place.attendee.is_none())
}

#[get("/r/<token>/booked")]
async fn booked(desk: &State<Desk>, token: Token) -> Result<Page<Booked>, Failure> {
    let (session, registration) = opened_by(desk, &token).await?;
    if registration.booked_at.is_none() {
        return Err(Failure::NotFound);
    }
    let base = format!("/r/{}", token.secret());
    let mut conn = desk.ctx.store.read().await?;
    let position = standing(&mut conn, &registration).await?;
    Ok(Page::ok(Booked {
        position,
        chrome: desk.private_chrome(Area::Find),
        session,
        registration,
        ics_href: format!("{base}/calendar.ics"),
        manage_href: base,
    }))
}

pub fn routes() -> Vec<Route> {
    routes![people, name_people, extend, check, book, booked]
}
