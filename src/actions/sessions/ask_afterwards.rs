//! What an organiser asks afterwards beside the three questions that everybody is asked: added and ended. A question
//! that was asked is never worded anew.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        feedback_question::{FeedbackQuestion, MOST},
        handout::HandedOut,
        id::FeedbackQuestionId,
    },
    store::{StoreError, Tx, feedback_questions},
    token::Attempt,
};

/// Why it is not asked.
#[derive(Debug, thiserror::Error)]
pub enum AskAfterwardsError {
    /// Nobody answers so many.
    #[error("{MOST} questions of your own are asked already. End one first")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn log(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (question, said): (&FeedbackQuestion, &str),
) -> Result<(), StoreError> {
    let about = match &question.of {
        HandedOut::Session(code) => Subject::session(code),
        HandedOut::Course(slug) => Subject::about(AuditedRecord::Course(slug.clone())),
    };
    let action = AuditAction::FeedbackQuestionsChanged;
    let detail = Some(format!("{said}: {}", question.wording));
    record(ctx, tx, actor, action, about, detail).await
}

/// Asks it from now on; whoever has answered already is not written to again.
///
/// # Errors
/// [`AskAfterwardsError`], in which case nothing changed.
pub async fn ask_afterwards(
    ctx: &ActionContext,
    actor: &Actor,
    question: &FeedbackQuestion,
    attempt: Option<&Attempt>,
) -> Result<FeedbackQuestionId, AskAfterwardsError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(before) = made_before(ctx, &mut tx, "feedback-question", attempt).await? {
        return Ok(key(&before)?);
    }
    let asked = feedback_questions::of(&mut tx, &question.of).await?;
    if asked.iter().filter(|one| !one.is_ended).count() >= MOST {
        return Err(AskAfterwardsError::TooMany);
    }
    feedback_questions::insert(&mut tx, question, ctx.now()).await?;
    log(ctx, &mut tx, actor, (question, "asked")).await?;
    made(&mut tx, attempt, &question.id.to_string()).await?;
    tx.commit().await?;
    Ok(question.id)
}

/// Asks it no more. What was answered stays.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn ask_no_more(
    ctx: &ActionContext,
    actor: &Actor,
    question: &FeedbackQuestion,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if feedback_questions::end(&mut tx, question.id, ctx.now()).await? {
        log(ctx, &mut tx, actor, (question, "ended")).await?;
    }
    tx.commit().await
}
