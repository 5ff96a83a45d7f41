//! Answering requests so that the answer can be taken back: its letters wait a moment, and until they leave
//! everything can be put back as it was.

use uuid::Uuid;

use super::{
    decide_request::{Answered, DecideError, DecidedPlaces, Decision, answered, conclude},
    decision_day::noted,
};
use crate::{
    actions::{
        ActionContext,
        places::settle::offer_freed,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode},
        place::{Move, Place},
        registration::Registration,
    },
    store::{
        StoreError, links,
        places::{self, Cause},
        registrations,
        request_answers::{self, RequestAnswer},
        session_lock::{self, Locked},
    },
    token::row_id,
};

/// Marks answers that are given together, and taken back together.
pub fn new_batch(ctx: &ActionContext) -> Uuid {
    row_id(&*ctx.random, &*ctx.clock)
}

/// Answers all the places a booking asked for. Its people are told in a moment, unless the answer is taken back.
///
/// # Errors
/// [`DecideError`], in which case nothing changed.
pub async fn answer_request(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    decision: Decision,
    batch: Uuid,
) -> Result<DecidedPlaces, DecideError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(noted) = noted(ctx, &mut tx, actor, id, &decision).await? {
        tx.commit().await?;
        return Ok(noted);
    }
    let Answered { mut opened, decided, moves, mut out } =
        answered(ctx, &mut tx, actor, id, &decision).await?;
    let letters = out.letter_ids();
    out.write(ctx, &mut opened.locked).await?;
    if !ctx.undo.is_zero() {
        let now = ctx.now();
        let answer = RequestAnswer::new(
            (row_id(&*ctx.random, &*ctx.clock), batch),
            (&opened.session.code, id),
            (now, now + ctx.undo),
            moves.iter().map(|one| (one.place(), one.to())),
            &letters,
        );
        request_answers::save(&mut opened.locked, &answer).await?;
    }
    conclude(ctx, &mut opened, actor, &decision, decided).await?;
    tx.commit().await?;
    Ok(decided)
}

/// Why answers were not taken back.
#[derive(Debug, thiserror::Error)]
pub enum TakeBackError {
    /// Their letters have left, or there are no such answers.
    #[error("it is too late to take this back: the letters are on their way")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswersTakenBack {
    /// How many bookings ask again.
    pub bookings: usize,
    /// How many do not: somebody changed them since they were answered.
    pub left: usize,
}

/// Takes the answers of a batch back: the places are asked for again, what they took is free, and no letter of it
/// leaves. What somebody changed since stays answered.
///
/// # Errors
/// [`TakeBackError`], in which case nothing changed.
pub async fn take_back_answers(
    ctx: &ActionContext,
    actor: &Actor,
    session: &SessionCode,
    batch: Uuid,
) -> Result<AnswersTakenBack, TakeBackError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, session).await?;
    let mut locked = locked.ok_or(TakeBackError::TooLate)?;
    let answers = request_answers::of_batch(&mut locked, batch, session).await?;
    let is_late = |one: &RequestAnswer| one.leaves_at <= ctx.now();
    if answers.is_empty() || answers.iter().all(is_late) {
        return Err(TakeBackError::TooLate);
    }
    let mut taken = AnswersTakenBack::default();
    for answer in answers {
        let found = registrations::find(&mut locked, answer.registration).await?;
        let is_more = request_answers::is_told_more(&mut locked, &answer).await?;
        match found.filter(|one| !is_late(&answer) && !is_more && answer.stands(&one.places)) {
            Some(registration) => {
                take_back(ctx, &mut locked, actor, registration, &answer).await?;
                taken.bookings += 1;
            }
            None => taken.left += 1,
        }
    }
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(taken)
}

async fn take_back(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    mut registration: Registration,
    answer: &RequestAnswer,
) -> Result<(), StoreError> {
    let concerned = registration.places.iter_mut().filter(|place| answer.concerns(place));
    let moves = concerned.map(Place::asks_again).collect::<Result<Vec<_>, _>>()?;
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    places::set_states(locked, &moves, cause).await?;
    request_answers::take_back(locked, answer).await?;
    let places: Vec<_> = moves.iter().map(Move::place).collect();
    links::revoke_places(locked, &places, ctx.now()).await?;
    let detail = Some(format!("{} places are asked for again", moves.len()));
    let action = AuditAction::AnswerTakenBack;
    record(ctx, locked, actor, action, Subject::of(&registration), detail).await
}
