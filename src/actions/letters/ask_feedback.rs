//! Asking people what they thought of a session, once, after its last day; and taking the answer.

use chrono::Duration;

use super::stop_letters::{is_stopped, stoppable};
use crate::{
    actions::{
        ActionContext,
        tell::{letter_link, tell},
    },
    domain::{
        feedback::Feedback,
        feedback_question::FeedbackAnswer,
        id::{FeedbackQuestionId, PlaceId, RegistrationId},
        letter::{Circular, LetterKind},
    },
    mail::letters,
    store::{
        StoreError, feedback, feedback_questions, links::LinkTarget, outbox::About, registrations,
        sessions,
    },
};

/// How long after the last day people are asked, and how long it still makes sense to ask.
const AFTER: Duration = Duration::hours(2);
const NO_LATER_THAN: Duration = Duration::days(14);

/// How long answers can be changed, from the end of the last day.
pub const OPEN_FOR: Duration = Duration::days(30);

/// How many people are asked at once.
const BATCH: i64 = 200;

/// Asks everybody who attended a session that ended a while ago; how many letters.
///
/// # Errors
/// [`StoreError`]; who was asked before it stays asked.
pub async fn ask_feedback(ctx: &ActionContext) -> Result<usize, StoreError> {
    let now = ctx.now();
    let mut conn = ctx.store.read().await?;
    let people = feedback::to_ask(&mut conn, (now - NO_LATER_THAN, now - AFTER), BATCH).await?;
    drop(conn);
    let mut letters = 0;
    for (registration, place) in people {
        letters += usize::from(ask(ctx, registration, place).await?);
    }
    Ok(letters)
}

async fn ask(
    ctx: &ActionContext,
    registration: RegistrationId,
    place: PlaceId,
) -> Result<bool, StoreError> {
    let now = ctx.now();
    let mut tx = ctx.store.begin().await?;
    if !feedback::mark_asked(&mut tx, place, now).await? {
        return Ok(false);
    }
    let Some(booking) = registrations::find(&mut tx, registration).await? else { return Ok(false) };
    let Some(session) = sessions::find(&mut tx, &booking.session).await? else { return Ok(false) };
    let seat = booking.places.iter().find(|one| one.id == place);
    let Some(attendee) = seat.and_then(|seat| seat.attendee.as_ref()) else { return Ok(false) };
    let Some(address) = &attendee.email else { return Ok(false) };
    if is_stopped(&mut tx, (address, Circular::Questions)).await? {
        tx.commit().await?;
        return Ok(false);
    }
    let link = letter_link(ctx, &mut tx, &LinkTarget::Attendee(place), None).await?;
    let url = ctx.place_url(&link);
    let content = letters::feedback_asked(&ctx.letterhead, &session, attendee.name.as_str(), &url);
    let content = content.of(&booking.reference);
    let content = stoppable(ctx, &mut tx, content, (address, Circular::Questions)).await?;
    let to = (Some(attendee.name.to_string()), address.clone());
    let about = About { registration: Some(registration), place: Some(place) };
    tell(ctx, &mut tx, LetterKind::FeedbackAsked, to, content, about).await?;
    tx.commit().await?;
    Ok(true)
}

/// Writes somebody's answers down, in place of earlier ones.
pub async fn give_feedback(
    ctx: &ActionContext,
    place: PlaceId,
    answers: &Feedback,
    own: &[(FeedbackQuestionId, Option<FeedbackAnswer>)],
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    feedback::give(&mut tx, place, answers, ctx.now()).await?;
    for (question, answer) in own {
        feedback_questions::give(&mut tx, (place, *question), answer.as_ref(), ctx.now()).await?;
    }
    tx.commit().await
}
