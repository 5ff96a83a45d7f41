//! The first step of booking, and joining the waiting list of a session that is full: both ask
//! how many places, and who is booking.

use rocket::{
    Route, State, get,
    http::{Cookie, CookieJar, SameSite, Status},
    post,
    response::Redirect,
    routes,
};

use crate::{
    actions::booking::{
        book_places::{BookError, BookRequest, book_places},
        hold_places::{HoldError, HoldRequest, hold_places},
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
    },
    store::{catalogue, institutions, queue},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        limits::BookingPace,
        page::{Area, Page},
        public::booking::{BookingStart, StartKind},
        routes::{
            booking::{HOLD_COOKIE, Step, own_hold, session},
            booking_form::{self, Steps},
        },
    },
};

fn is_open(desk: &Desk, session: &Session) -> bool {
    matches!(session.booking_status(desk.ctx.now()), BookingStatus::Open { .. })
}

/// Whether people can wait for this session, or ask for it though it is full.
fn can_wait(session: &Session) -> bool {
    session.waiting_list || session.mode == BookingMode::Approval
}

fn to_session(code: &SessionCode) -> Step<BookingStart> {
    Step::Go(Box::new(Redirect::to(format!("/sessions/{code}"))))
}

#[get("/sessions/<code>/register")]
async fn start(
    desk: &State<Desk>,
    code: SessionCode,
    cookies: &CookieJar<'_>,
) -> Result<Step<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let hold = own_hold(desk, cookies, &code).await;
    if !is_open(desk, &session) {
        return Ok(to_session(&code));
    }
    if session.occupancy.open_to_all() == 0 && hold.is_none() {
        let list = format!("/sessions/{code}/waiting-list");
        return Ok(if can_wait(&session) {
            Step::Go(Box::new(Redirect::to(list)))
        } else {
            to_session(&code)
        });
    }
    let mut form = FormState::default();
    booking_form::prefill(&mut form, hold.as_ref().map(|(_, registration)| registration));
    form.keep("attempt", Token::generate(&*desk.ctx.random).secret());
    let page = start_page(desk, session, StartKind::Hold { short: false }, form).await?;
    Ok(Step::Show(Box::new(Page::ok(page))))
}

#[get("/sessions/<code>/waiting-list")]
async fn list(desk: &State<Desk>, code: SessionCode) -> Result<Step<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    if !is_open(desk, &session) || !can_wait(&session) {
        return Ok(to_session(&code));
    }
    let mut form = FormState::default();
    booking_form::prefill(&mut form, None);
    form.keep("attempt", Token::generate(&*desk.ctx.random).secret());
    let kind = waiting_kind(desk, &session).await?;
    let page = start_page(desk, session, kind, form).await?;
    Ok(Step::Show(Box::new(Page::ok(page))))
}

async fn waiting_kind(desk: &Desk, session: &Session) -> Result<StartKind, Failure> {
    if session.mode == BookingMode::Approval {
        return Ok(StartKind::Ask);
    }
    let mut conn = desk.ctx.store.read().await?;
    let ahead = queue::waiters(&mut conn, &session.code).await?.len();
    Ok(StartKind::Wait { ahead, hours: desk.ctx.offer.num_hours() })
}

async fn start_page(
    desk: &Desk,
    session: Session,
    kind: StartKind,
    form: FormState,
) -> Result<BookingStart, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let institutions = institutions::all(&mut conn).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let chrome = desk.private_chrome(Area::Find);
    let groups =
        booking_form::groups(&session, alliances, institutions, form.value("institution_search"));
    Ok(BookingStart { chrome, session, groups, kind, form })
}

/// What was sent, read; or the page that says what to put right.
enum Sent {
    Read(Box<(HoldRequest, FormState)>),
    Again(Step<BookingStart>),
}

async fn read(
    desk: &Desk,
    session: &Session,
    kind: StartKind,
    fields: &Fields,
) -> Result<Sent, Failure> {
    let mut form = booking_form::keep_start(fields);
    if fields.is("action", "filter") {
        let page = start_page(desk, session.clone(), kind, form).await?;
        return Ok(Sent::Again(Step::Show(Box::new(Page::ok(page)))));
    }
    let mut conn = desk.ctx.store.read().await?;
    let institutions = institutions::all(&mut conn).await?;
    drop(conn);
    match booking_form::parse_start(session, &institutions, fields, &mut form) {
        Some(request) => Ok(Sent::Read(Box::new((request, form)))),
        None => {
            let page = start_page(desk, session.clone(), kind, form).await?;
            Ok(Sent::Again(Step::Show(Box::new(Page::unprocessable(page)))))
        }
    }
}

#[post("/sessions/<code>/register", data = "<fields>")]
async fn hold(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    code: SessionCode,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Step<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let kind = StartKind::Hold { short: false };
    let (mut request, mut form) = match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => *read,
        Sent::Again(step) => return Ok(step),
    };
    if fields.is("action", "join") {
        return join(desk, session, &fields, request, form).await;
    }
    request.instead_of = own_hold(desk, cookies, &code).await.map(|(_, earlier)| earlier.id);
    match hold_places(&desk.ctx, request).await {
        Ok(held) => {
            let cookie = Cookie::build((HOLD_COOKIE, held.token.secret().to_owned()))
                .same_site(SameSite::Lax)
                .http_only(true)
                .secure(desk.ctx.sender.base_url.starts_with("https://"))
                .path("/");
            cookies.add_private(cookie);
            let steps = Steps::of(&code, &held.token);
            Ok(Step::Go(Box::new(Redirect::to(steps.people))))
        }
        Err(HoldError::Store(error)) => Err(error.into()),
        Err(refused) => {
            booking_form::explain(&refused, &session, desk, &mut form);
            let short =
                matches!(refused, HoldError::NotEnough { .. } | HoldError::InstitutionLimit { .. });
            let kind = StartKind::Hold { short: short && can_wait(&session) };
            let template = start_page(desk, session, kind, form).await?;
            let status = refusal(&refused);
            Ok(Step::Show(Box::new(Page { status, template })))
        }
    }
}

#[post("/sessions/<code>/waiting-list", data = "<fields>")]
async fn wait(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    code: SessionCode,
    fields: Fields,
) -> Result<Step<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let kind = waiting_kind(desk, &session).await?;
    match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => join(desk, session, &fields, read.0, read.1).await,
        Sent::Again(step) => Ok(step),
    }
}

/// Joins the list, or gets the places if some have come free meanwhile.
async fn join(
    desk: &Desk,
    session: Session,
    fields: &Fields,
    request: HoldRequest,
    mut form: FormState,
) -> Result<Step<BookingStart>, Failure> {
    let mut attendees = vec![None; request.places as usize];
    if let (true, Some(first)) = (request.leader_comes, attendees.first_mut()) {
        *first = Some(request.leader.attends());
    }
    let nomination = match Paragraph::parse_optional(fields.get("nomination")) {
        Ok(nomination) => nomination,
        Err(fault) => {
            let words = booking_form::complaint(fault, "what you tell the organiser");
            form.fault("nomination", words);
            let kind = waiting_kind(desk, &session).await?;
            let page = start_page(desk, session, kind, form).await?;
            return Ok(Step::Show(Box::new(Page::unprocessable(page))));
        }
    };
    // Who else comes is asked once there is a place.
    let request = BookRequest {
        session: request.session,
        leader: request.leader,
        sender: request.sender,
        team: request.team,
        attendees,
        attempt: request.attempt,
        fingerprint: None,
        nomination,
        vouched: false,
    };
    let refused = match book_places(&desk.ctx, &Actor::Visitor, request).await {
        Ok(booked) => {
            let to = format!("/r/{}/booked", booked.token.secret());
            return Ok(Step::Go(Box::new(Redirect::to(to))));
        }
        Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
        Err(refused) => refused,
    };
    let mut status = Status::UnprocessableEntity;
    match refused {
        BookError::Hold(refused) => {
            status = refusal(&refused);
            booking_form::explain(&refused, &session, desk, &mut form);
        }
        BookError::NominationMissing => {
            form.fault("nomination", "Tell the organiser why you should come");
        }
        other => return Err(other.into()),
    }
    let kind = waiting_kind(desk, &session).await?;
    let template = start_page(desk, session, kind, form).await?;
    Ok(Step::Show(Box::new(Page { status, template })))
}

/// The status of the form shown again.
fn refusal(refused: &HoldError) -> Status {
    match refused {
        HoldError::TooMany => Status::TooManyRequests,
        _ => Status::UnprocessableEntity,
    }
}

pub fn routes() -> Vec<Route> {
    routes![start, hold, list, wait]
}
