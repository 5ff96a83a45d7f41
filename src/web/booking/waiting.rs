//! Joining the waiting list of a session that is full, or asking for places where the organiser decides: the
//! page of the first step, with another end.

use rocket::{Route, State, get, http::Status, post, response::Redirect, routes};

use super::{
    form::{Field, explain, prefill},
    start::{
        BookingStart, Sent, StartKind, can_wait, is_open, read, session, start_page, to_session,
    },
    typing::onward,
};
use crate::{
    actions::booking::{
        book_places::{BookRequest, book_places},
        hold_places::HoldRequest,
        refusals::{BookError, HoldError},
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        session::{BookingMode, Session},
        text::Paragraph,
    },
    store::{questions, queue},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, text::complaint},
        guard::SameOrigin,
        limits::BookingPace,
        next::Next,
        page::Page,
        paths,
    },
};

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
pub(super) async fn join(
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
            let asked = questions::asked(&mut desk.ctx.store.read().await?, &session).await?;
            // Who comes is known only of her; of others it is asked once they are named.
            let to = match asked.is_empty() {
                true => paths::leader::booked(&booked.token),
                false => paths::leader::questions(&booked.token).done("joined"),
            };
            return Ok(Next::Go(Box::new(Redirect::to(to))));
        }
        Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
        Err(refused) => refused,
    };
    let mut status = Status::UnprocessableEntity;
    match refused {
        other @ (BookError::Hold(HoldError::WholeSeries(_))
        | BookError::HoldRanOut { .. }
        | BookError::KeyReused
        | BookError::NotSentOff
        | BookError::NoSuchRegistration) => {
            return Err(onward(Failure::from(other), desk, (&session, None)));
        }
        BookError::Hold(refused) => {
            status = refusal(&refused);
            explain(&refused, &session, desk, &mut form);
        }
        BookError::NominationMissing => {
            form.fault(Field::Nomination, "Tell the organiser why you should come");
        }
    }
    let kind = waiting_kind(desk, &session).await?;
    let template = start_page(desk, session, kind, form).await?;
    Ok(Next::Show(Box::new(Page { status, template })))
}

/// The status of the form shown again.
pub(super) fn refusal(refused: &HoldError) -> Status {
    match refused {
        HoldError::TooMany | HoldError::NetworkHoldsTooMany { .. } => Status::TooManyRequests,
        HoldError::AlreadyThere(_) => Status::Conflict,
        HoldError::NoSuchSession
        | HoldError::NotOpen(_)
        | HoldError::WholeSeries(_)
        | HoldError::NotEnough { .. }
        | HoldError::InstitutionLimit { .. }
        | HoldError::WrongNumber { .. }
        | HoldError::AlreadyExtended
        | HoldError::Store(_) => Status::UnprocessableEntity,
    }
}

pub fn routes() -> Vec<Route> {
    routes![list, wait]
}
