//! The first step of booking, and joining the waiting list of a session that is full: both ask
//! how many places, and who is booking.

use askama::Template;
use rocket::{
    Route, State, get,
    http::{Cookie, CookieJar, SameSite, Status},
    post,
    response::Redirect,
    routes,
};

use crate::{
    actions::booking::{
        book_places::{BookRequest, book_places},
        hold_places::{HoldRequest, hold_places},
        refusals::{BookError, HoldError},
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        institution::Institution,
        session::{BookingMode, BookingStatus, Session},
        text::Paragraph,
        wording,
    },
    store::{catalogue, institutions, queue, sessions},
    token::Token,
    web::{
        Desk,
        booking::{
            form::{Field, explain, parse_start, prefill},
            hold::{HOLD_COOKIE, own_hold},
            steps::Steps,
            typing::onward,
        },
        failure::Failure,
        forms::{Fields, FormState, sender::groups, text::complaint},
        guard::SameOrigin,
        limits::BookingPace,
        next::Next,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

/// Step 1: how many places, and who is booking.
#[derive(Debug, Template)]
#[template(path = "booking/start.html")]
struct BookingStart {
    chrome: Chrome,
    session: Session,
    /// The institutions to choose from, by alliance.
    groups: Vec<(String, Vec<Institution>)>,
    /// What the form is for.
    kind: StartKind,
    form: FormState<Field>,
}

impl BookingStart {
    fn title(&self) -> &'static str {
        match self.kind {
            StartKind::Hold { .. } => "How many places, and who are you?",
            StartKind::Wait { .. } => "Join the waiting list",
            StartKind::Ask => "Ask for places",
        }
    }

    fn is_hold(&self) -> bool {
        matches!(self.kind, StartKind::Hold { .. })
    }

    fn offers_list(&self) -> bool {
        self.kind == StartKind::Hold { short: true }
    }

    fn action(&self) -> Href {
        let code = &self.session.code;
        if self.is_hold() {
            paths::booking::start(code)
        } else {
            paths::booking::waiting_list(code)
        }
    }

    /// What somebody who joins the list should know first.
    fn rule(&self) -> Option<String> {
        match self.kind {
            StartKind::Wait { ahead, hours } => {
                let ahead = match ahead {
                    0 => "Nobody is ahead of you.".to_owned(),
                    1 => "1 booking is ahead of you.".to_owned(),
                    many => format!("{many} bookings are ahead of you."),
                };
                Some(format!(
                    "{ahead} If a place comes free we email the first on the list it is enough \
                     for. They have {hours} hours to take it, less when the day is near, then we \
                     offer it to the next."
                ))
            }
            StartKind::Ask => Some(
                "Every place is taken for now. The organiser reads each request and answers by \
                 email."
                    .to_owned(),
            ),
            StartKind::Hold { .. } => None,
        }
    }

    /// Whether a team might have to be split, so that its leader is asked beforehand (B4).
    fn asks_team(&self) -> bool {
        let session = &self.session;
        session.waiting_list
            && session.mode == BookingMode::Instant
            && session.places_per_booking > 1
            && (!self.is_hold()
                || session.places_per_institution.is_some()
                || session.occupancy.open_to_all() < 2 * session.places_per_booking)
    }

    fn asks_nomination(&self) -> bool {
        !self.is_hold() && !self.session.course.prerequisites.is_empty()
    }

    fn numbers(&self) -> Vec<String> {
        (1..=self.session.places_per_booking).map(|number| number.to_string()).collect()
    }
}

/// What the first step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StartKind {
    /// Places are held.
    Hold {
        /// Whether fewer were left than were asked for, so that waiting is offered.
        short: bool,
    },
    /// The waiting list.
    Wait {
        /// How many registrations wait already.
        ahead: usize,
        /// How long an offer usually lasts, in hours.
        hours: i64,
    },
    /// A request, though every place is taken: the organiser decides.
    Ask,
}

async fn session(desk: &Desk, code: &SessionCode) -> Result<Session, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = sessions::find(&mut conn, code).await?;
    found
        .filter(|session| session.booking_status(desk.ctx.now()) != BookingStatus::Draft)
        .ok_or(Failure::NotFound)
}

fn is_open(desk: &Desk, session: &Session) -> bool {
    matches!(session.booking_status(desk.ctx.now()), BookingStatus::Open { .. })
}

/// Whether people can wait for this session, or ask for it though it is full.
fn can_wait(session: &Session) -> bool {
    session.waiting_list || session.mode == BookingMode::Approval
}

fn to_session(code: &SessionCode) -> Next<BookingStart> {
    Next::Go(Box::new(Redirect::to(paths::public::session(code))))
}

#[get("/sessions/<code>/register")]
async fn start(
    desk: &State<Desk>,
    code: SessionCode,
    cookies: &CookieJar<'_>,
) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let hold = own_hold(desk, cookies, &code).await;
    if !is_open(desk, &session) {
        return Ok(to_session(&code));
    }
    if session.occupancy.open_to_all() == 0 && hold.is_none() {
        return Ok(if can_wait(&session) {
            Next::Go(Box::new(Redirect::to(paths::booking::waiting_list(&code))))
        } else {
            to_session(&code)
        });
    }
    let mut form = FormState::default();
    prefill(&mut form, hold.as_ref().map(|(_, registration)| registration));
    form.fill(Field::Attempt, Token::generate(&*desk.ctx.random).secret());
    let page = start_page(desk, session, StartKind::Hold { short: false }, form).await?;
    Ok(Next::Show(Box::new(Page::ok(page))))
}

#[get("/sessions/<code>/waiting-list")]
async fn list(desk: &State<Desk>, code: SessionCode) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    if !is_open(desk, &session) || !can_wait(&session) {
        return Ok(to_session(&code));
    }
    let mut form = FormState::default();
    prefill(&mut form, None);
    form.fill(Field::Attempt, Token::generate(&*desk.ctx.random).secret());
    let kind = waiting_kind(desk, &session).await?;
    let page = start_page(desk, session, kind, form).await?;
    Ok(Next::Show(Box::new(Page::ok(page))))
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
    form: FormState<Field>,
) -> Result<BookingStart, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let institutions = institutions::all(&mut conn).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let chrome = desk.private_chrome(Area::Find);
    let groups = groups(&session, alliances, institutions, form.value(Field::InstitutionSearch));
    Ok(BookingStart { chrome, session, groups, kind, form })
}

/// What was sent, read; or the page that says what to put right.
enum Sent {
    Read(Box<(HoldRequest, FormState<Field>)>),
    Again(Next<BookingStart>),
}

async fn read(
    desk: &Desk,
    session: &Session,
    kind: StartKind,
    fields: &Fields,
) -> Result<Sent, Failure> {
    let mut form = FormState::sent(fields);
    if fields.has(Field::Action, "filter") {
        let page = start_page(desk, session.clone(), kind, form).await?;
        return Ok(Sent::Again(Next::Show(Box::new(Page::ok(page)))));
    }
    let mut conn = desk.ctx.store.read().await?;
    let chosen = institutions::open_to_bookings(&mut conn, form.value(Field::Institution)).await?;
    drop(conn);
    match parse_start(session, chosen.as_slice(), &mut form) {
        Some(request) => Ok(Sent::Read(Box::new((request, form)))),
        None => {
            let page = start_page(desk, session.clone(), kind, form).await?;
            Ok(Sent::Again(Next::Show(Box::new(Page::unprocessable(page)))))
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
) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let kind = StartKind::Hold { short: false };
    let (mut request, mut form) = match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => *read,
        Sent::Again(step) => return Ok(step),
    };
    if fields.has(Field::Action, "join") {
        return join(desk, session, request, form).await;
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
            Ok(Next::Go(Box::new(Redirect::to(steps.people))))
        }
        Err(HoldError::Store(error)) => Err(error.into()),
        Err(refused) => {
            explain(&refused, &session, desk, &mut form);
            let short =
                matches!(refused, HoldError::NotEnough { .. } | HoldError::InstitutionLimit { .. });
            let kind = StartKind::Hold { short: short && can_wait(&session) };
            let template = start_page(desk, session, kind, form).await?;
            let status = refusal(&refused);
            Ok(Next::Show(Box::new(Page { status, template })))
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
) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let kind = waiting_kind(desk, &session).await?;
    match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => join(desk, session, read.0, read.1).await,
        Sent::Again(step) => Ok(step),
    }
}

/// Joins the list, or gets the places if some have come free meanwhile.
async fn join(
    desk: &Desk,
    session: Session,
    request: HoldRequest,
    mut form: FormState<Field>,
) -> Result<Next<BookingStart>, Failure> {
    let mut attendees = vec![None; request.places as usize];
    if let (true, Some(first)) = (request.leader_comes, attendees.first_mut()) {
        *first = Some(request.leader.attends());
    }
    let nomination = match Paragraph::parse_optional(form.value(Field::Nomination)) {
        Ok(nomination) => nomination,
        Err(fault) => {
            let words = complaint(fault, "what you tell the organiser");
            form.fault(Field::Nomination, words);
            let kind = waiting_kind(desk, &session).await?;
            let page = start_page(desk, session, kind, form).await?;
            return Ok(Next::Show(Box::new(Page::unprocessable(page))));
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
        apart: if request.apart { vec![1] } else { vec![] },
    };
    let refused = match book_places(&desk.ctx, &Actor::Visitor, request).await {
        Ok(booked) => {
            let to = paths::leader::booked(&booked.token);
            return Ok(Next::Go(Box::new(Redirect::to(to))));
        }
        Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
        Err(refused) => refused,
    };
    let mut status = Status::UnprocessableEntity;
    match refused {
        BookError::Hold(refused) => {
            status = refusal(&refused);
            explain(&refused, &session, desk, &mut form);
        }
        BookError::NominationMissing => {
            form.fault(Field::Nomination, "Tell the organiser why you should come");
        }
        other @ (BookError::HoldRanOut { .. }
        | BookError::KeyReused
        | BookError::NotSentOff
        | BookError::NoSuchRegistration) => {
            return Err(onward(Failure::from(other), desk, (&session, None)));
        }
    }
    let kind = waiting_kind(desk, &session).await?;
    let template = start_page(desk, session, kind, form).await?;
    Ok(Next::Show(Box::new(Page { status, template })))
}

/// The status of the form shown again.
fn refusal(refused: &HoldError) -> Status {
    match refused {
        HoldError::TooMany => Status::TooManyRequests,
        HoldError::AlreadyThere(_) => Status::Conflict,
        HoldError::NoSuchSession
        | HoldError::NotOpen(_)
        | HoldError::NotEnough { .. }
        | HoldError::InstitutionLimit { .. }
        | HoldError::WrongNumber { .. }
        | HoldError::AlreadyExtended
        | HoldError::Store(_) => Status::UnprocessableEntity,
    }
}

pub fn routes() -> Vec<Route> {
    routes![start, list, hold, wait]
}
