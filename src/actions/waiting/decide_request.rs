//! The organiser's answer to places that were asked for (B1, B7).

use super::decision_day::{noted, without_own_promise};
use crate::{
    actions::{
        ActionContext,
        places::{
            opened::Opened,
            settle::offer_freed,
            share::{Party, share},
            standing::standing,
        },
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::{Letter, LetterKind},
        place::{Move, PlaceState, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
        text::Paragraph,
    },
    mail::letters as mail,
    store::{
        StoreError, Tx,
        places::{self, Cause},
        session_lock::{self, Locked},
    },
};

/// What an organiser answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// They may come: a place at once for as many as fit, as their leader chose; the others wait.
    Approve,
    /// They may come once there is room, after those who wait already.
    Wait,
    /// They cannot come.
    Refuse {
        /// Why, for the leader to read.
        reason: Option<Paragraph>,
    },
}

/// What became of the places that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DecidedPlaces {
    /// How many people have a place now because of it.
    pub confirmed: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were refused.
    pub refused: usize,
    /// Whether it is noted only: its people are told with everybody else.
    pub is_noted: bool,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Nothing is asked for under this registration any more.
    #[error("nothing is asked for under this booking any more")]
    NothingAsked,
    /// The session was called off or is over.
    #[error("the session is cancelled or over")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers all the places a registration asked for, and tells its people.
///
/// # Errors
/// [`DecideError`], in which case nothing changed.
pub async fn decide_request(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    decision: Decision,
) -> Result<DecidedPlaces, DecideError> {
    let mut tx = ctx.store.begin().await?;
    let decided = match noted(ctx, &mut tx, actor, id, &decision).await? {
        Some(noted) => noted,
        None => decide(ctx, &mut tx, actor, id, decision).await?,
    };
    tx.commit().await?;
    Ok(decided)
}

/// The same within a transaction that does more.
pub(in crate::actions) async fn decide(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    id: RegistrationId,
    decision: Decision,
) -> Result<DecidedPlaces, DecideError> {
    let Answered { mut opened, decided, out, .. } = answered(ctx, tx, actor, id, &decision).await?;
    out.write(ctx, &mut opened.locked).await?;
    conclude(ctx, &mut opened, actor, &decision, decided).await?;
    Ok(decided)
}

/// The letters that an answer would be: it is given, read, and taken back. Nothing is kept of it.
///
/// # Errors
/// [`DecideError`], as the answer would.
pub async fn letters_of_decision(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    decision: &Decision,
) -> Result<Vec<Letter>, DecideError> {
    let mut tx = ctx.store.begin().await?;
    Ok(answered(ctx, &mut tx, actor, id, decision).await?.out.into_letters())
}

/// An answer within its transaction.
pub(super) struct Answered<'a> {
    pub(super) opened: Opened<'a>,
    pub(super) decided: DecidedPlaces,
    /// What became of each place.
    pub(super) moves: Vec<Move>,
    /// What its people are told, still to be written.
    pub(super) out: Outgoing,
}

/// Answers the places, and says what is to be told of it.
pub(super) async fn answered<'a>(
    ctx: &ActionContext,
    tx: &'a mut Tx,
    actor: &Actor,
    id: RegistrationId,
    decision: &Decision,
) -> Result<Answered<'a>, DecideError> {
    let opened = Opened::lock_settled(ctx, tx, id).await?;
    let mut opened = opened.ok_or(DecideError::NothingAsked)?;
    let Opened { locked, session, registration } = &mut opened;
    let asked = registration.places_in(PlaceStatus::Requested).count();
    if asked == 0 {
        return Err(DecideError::NothingAsked);
    }
    let is_over = session.ends_at().is_none_or(|end| end <= ctx.now());
    if session.publication != Publication::Published || is_over {
        return Err(DecideError::TooLate);
    }
    without_own_promise(locked, session, id).await?;
    let states = states(locked, session, registration, decision, asked).await?;
    let why = match decision {
        Decision::Refuse { reason } => reason.as_ref().map(Paragraph::as_str),
        _ => None,
    };
    let cause = Cause { by: actor, at: ctx.now(), why };
    let requested = registration.places_in_mut(PlaceStatus::Requested).zip(&states);
    let moves = requested.map(|(place, state)| place.becomes(*state));
    let moves = moves.collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
    places::set_states(locked, &moves, cause).await?;
    let count = |status| states.iter().filter(|state| state.status() == status).count();
    let decided = DecidedPlaces {
        confirmed: count(PlaceStatus::Confirmed),
        waiting: count(PlaceStatus::Waiting),
        refused: count(PlaceStatus::Refused),
        is_noted: false,
    };
    let out = letters(ctx, locked, (session, registration), &moves, decision).await?;
    Ok(Answered { opened, decided, moves, out })
}

/// Writes an answer into the log, and offers on what it left free.
pub(super) async fn conclude(
    ctx: &ActionContext,
    Opened { locked, registration, .. }: &mut Opened<'_>,
    actor: &Actor,
    decision: &Decision,
    DecidedPlaces { confirmed, waiting, refused, .. }: DecidedPlaces,
) -> Result<(), DecideError> {
    let action = match decision {
        Decision::Approve => AuditAction::RequestApproved,
        Decision::Wait => AuditAction::RequestWaits,
        Decision::Refuse { .. } => AuditAction::RequestRefused,
    };
    let detail = Some(format!("{} places", confirmed + waiting + refused));
    record(ctx, locked, actor, action, Subject::of(registration), detail).await?;
    offer_freed(ctx, locked).await?;
    Ok(())
}

/// How many of the places a booking asks for there are for it, as its leader chose.
pub(super) async fn room_of(
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &Registration,
    asked: u32,
) -> Result<u32, StoreError> {
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: true,
        decided: true,
    };
    Ok(share(locked, session, party, asked).await?.now)
}

/// The state each place that was asked for gets. Whoever waits already has gone first: the session
/// is settled, so what is free fits none of them.
async fn states(
    locked: &mut Locked<'_>,
    session: &Session,
    registration: &Registration,
    decision: &Decision,
    asked: usize,
) -> Result<Vec<PlaceState>, StoreError> {
    if matches!(decision, Decision::Refuse { .. }) {
        return Ok(vec![PlaceState::Refused; asked]);
    }
    let now = match decision {
        Decision::Approve => {
            let places = u32::try_from(asked).unwrap_or(u32::MAX);
            room_of(locked, session, registration, places).await? as usize
        }
        _ => 0,
    };
    let queue = match (asked - now, registration.queue()) {
        (0, _) => 0,
        (_, Some(queue)) => queue,
        _ => session_lock::next_queue_number(locked).await?,
    };
    let mut states = vec![PlaceState::Confirmed; now];
    states.resize(asked, PlaceState::Waiting { queue });
    Ok(states)
}

/// What the people of a booking are told of an answer.
async fn letters(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, after): (&Session, &Registration),
    moves: &[Move],
    decision: &Decision,
) -> Result<Outgoing, StoreError> {
    let mut out = Outgoing::default();
    out.invites(ctx, (session, after), after.confirmed_by(moves));
    let position = standing(tx, after).await?;
    let kind = match (decision, position) {
        (Decision::Refuse { .. }, _) => LetterKind::RequestRefused,
        (_, Some(_)) if after.confirmed().next().is_none() => LetterKind::WaitingListJoined,
        _ => LetterKind::BookingConfirmed,
    };
    out.tell_leader(ctx, (session, after), kind, |(session, registration), url| {
        let sender = &ctx.letterhead;
        match (decision, position) {
            (Decision::Refuse { reason }, _) => {
                mail::request_refused(sender, session, registration, reason.as_ref(), url)
            }
            (_, Some(position)) if kind == LetterKind::WaitingListJoined => {
                mail::waiting_list_joined(sender, session, registration, position, url)
            }
            _ => mail::booking_confirmed(sender, session, registration, url),
        }
    });
    Ok(out)
}
