//! A booking that is being typed: opening it changes nothing. A hold that ran out is said to have ended, and
//! taken again by a button, with everything that was typed.

use crate::{
    actions::booking::hold_places::held_until,
    domain::{
        id::SessionCode,
        question::Question,
        registration::Registration,
        session::{BookingMode, BookingStatus, Session},
        wording,
    },
    store::questions,
    token::Token,
    web::{
        Desk,
        booking::steps::Steps,
        failure::Failure,
        leader::{
            opened::opened_by,
            together::{Evening, evenings},
        },
        paths,
        refusal::Refusal,
    },
};

/// What a step needs to know: the session, the registration, and whether its hold has ended.
pub struct Typing {
    pub session: Session,
    pub registration: Registration,
    pub has_ended: bool,
    /// What the session asks.
    pub questions: Vec<Question>,
    /// The evenings that are booked with it, itself among them.
    pub evenings: Vec<Evening>,
}

/// Opens a booking that is being typed.
pub async fn typing(desk: &Desk, code: &SessionCode, token: &Token) -> Result<Typing, Failure> {
    let (session, registration) = opened_by(desk, token).await?;
    if session.code != *code {
        return Err(Failure::NotFound);
    }
    let live = held_until(&registration).is_some_and(|until| until > desk.ctx.now());
    let has_ended = !live && registration.booked_at.is_none();
    let questions = questions::asked(&mut desk.ctx.store.read().await?, &session).await?;
    let evenings = evenings(desk, registration.id).await?;
    Ok(Typing { session, registration, has_ended, questions, evenings })
}

/// Where somebody goes on whose booking was refused: back to what she typed where it can still be booked, to
/// the waiting list, or to other dates.
pub fn onward(
    failure: Failure,
    desk: &Desk,
    (session, token): (&Session, Option<&Token>),
) -> Failure {
    let status = session.booking_status(desk.ctx.now());
    let is_open = matches!(status, BookingStatus::Open { .. });
    let can_wait = session.waiting_list || session.mode == BookingMode::Approval;
    let refused = failure.refusal();
    let mut failure = failure;
    if let (true, Some(token), Some(Refusal::HoldEnded)) = (is_open, token, refused) {
        let people = Steps::of(&session.code, token).people;
        failure = failure.leads(people, "Hold the places again. What you typed is kept");
    }
    if let (Some(Refusal::WholeSeries), Some(series)) = (refused, session.whole_series()) {
        let to = paths::booking::start_series(series);
        failure = failure.leads(to, "Book the whole series");
    }
    let lacks_room = matches!(refused, Some(Refusal::Full | Refusal::InstitutionLimit));
    if is_open && can_wait && lacks_room {
        let words = match session.mode {
            BookingMode::Instant => "Join the waiting list",
            BookingMode::Approval => "Ask the organiser for places",
        };
        failure = failure.leads(paths::booking::waiting_list(&session.code), words);
    }
    failure
        .leads(paths::public::session(&session.code), "Back to the session")
        .leads(paths::public::catalogue_of_course(&session.course.slug), "Other dates")
}

pub fn until_words(session: &Session, registration: &Registration) -> String {
    let until = held_until(registration).map(|until| until.with_timezone(&session.zone()));
    until.map_or_else(String::new, |until| wording::time(until.time()))
}
