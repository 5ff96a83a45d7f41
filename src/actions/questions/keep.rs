//! A question is added, changed, moved or retired. What was answered to it before stays readable.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        edit::{EditError, States, merged},
        record::{Subject, record, record_changes},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        edit::{Conflicts, Drawn, Merged},
        id::QuestionCode,
        question::{MOST_QUESTIONS, Question, QuestionOf, Unaskable, is_in_order},
    },
    store::{Conn, StoreError, Tx, audit::Edited, questions, sessions},
    token::Attempt,
};

/// Why a question was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It cannot be asked like that.
    #[error(transparent)]
    Unaskable(#[from] Unaskable),
    /// There are too many already.
    #[error("there are {MOST_QUESTIONS} questions already; retire one first")]
    TooMany,
    /// Another question is asked only where this one is answered in a way it then could not be.
    #[error("another question is asked only of whoever answers this one; change that one first")]
    Needed,
    /// See [`EditError`].
    #[error(transparent)]
    Edit(#[from] EditError<Question>),
}

impl From<StoreError> for KeepError {
    fn from(error: StoreError) -> Self {
        Self::Edit(error.into())
    }
}

impl From<Box<Conflicts<Question>>> for KeepError {
    fn from(conflicts: Box<Conflicts<Question>>) -> Self {
        Self::Edit(conflicts.into())
    }
}

/// What is asked before the own questions of a course or a session: what a session's course asks.
async fn before(conn: &mut Conn, of: &QuestionOf) -> Result<Vec<Question>, KeepError> {
    let QuestionOf::Session(code) = of else { return Ok(Vec::new()) };
    let session = sessions::find(conn, code).await?.ok_or(KeepError::Edit(EditError::NoSuch))?;
    Ok(questions::of(conn, &QuestionOf::Course(session.course.slug.clone())).await?)
}

/// Adds a question after the others, under the first number that is free.
///
/// # Errors
/// [`KeepError`], in which case nothing changed.
pub async fn add_question(
    ctx: &ActionContext,
    actor: &Actor,
    question: &Question,
    attempt: Option<&Attempt>,
) -> Result<QuestionCode, KeepError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "question", attempt).await? {
        return Ok(key(&made)?);
    }
    let code = add(ctx, &mut tx, actor, question).await?;
    made(&mut tx, attempt, code.as_str()).await?;
    tx.commit().await?;
    Ok(code)
}

async fn add(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    question: &Question,
) -> Result<QuestionCode, KeepError> {
    let mut all = before(tx, &question.of).await?;
    let own = questions::of(tx, &question.of).await?;
    if own.len() >= MOST_QUESTIONS {
        return Err(KeepError::TooMany);
    }
    all.extend(own);
    question.askable_after(&all)?;
    let mut new = question.clone();
    let mut number = questions::count_all(tx).await?;
    loop {
        number += 1;
        new.code = QuestionCode::numbered(number);
        if questions::insert(tx, &new, ctx.now()).await? {
            break;
        }
    }
    questions::seen(tx, &new.of).await?;
    note(ctx, tx, actor, &new, "new").await?;
    Ok(new.code)
}

/// Adds several questions, of which none was asked before: those an application usually begins with.
///
/// # Errors
/// [`KeepError`], in which case nothing changed.
pub async fn add_questions(
    ctx: &ActionContext,
    actor: &Actor,
    all: &[Question],
    attempt: Option<&Attempt>,
) -> Result<(), KeepError> {
    let mut tx = ctx.store.begin().await?;
    if made_before(ctx, &mut tx, "questions", attempt).await?.is_some() {
        return Ok(());
    }
    for question in all {
        add(ctx, &mut tx, actor, question).await?;
    }
    made(&mut tx, attempt, "questions").await?;
    tx.commit().await?;
    Ok(())
}

async fn note(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    question: &Question,
    what: &str,
) -> Result<(), StoreError> {
    let detail = Some(format!("{}: {what}", question.code));
    record(ctx, tx, actor, AuditAction::QuestionKept, subject(question), detail).await
}

/// The question; of a session's own also the session, so that whoever looks after it finds it in her log.
fn subject(question: &Question) -> Subject {
    let mut subject = Subject::about(AuditedRecord::Question(question.code.clone()));
    if let QuestionOf::Session(code) = &question.of {
        subject.session = Some(code.clone());
    }
    subject
}

/// Changes a question. What was answered before is read in the words it answered.
///
/// # Errors
/// [`KeepError`], in which case nothing changed.
pub async fn change_question(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Question,
    drawn: Option<&Drawn>,
) -> Result<(), KeepError> {
    let mut tx = ctx.store.begin().await?;
    let found = questions::lock(&mut tx, &sent.code).await?;
    let found = found.filter(|(present, _)| present.of == sent.of);
    let (present, retired_at) = found.ok_or(KeepError::Edit(EditError::NoSuch))?;
    let edited = Edited::Record(AuditedRecord::Question(present.code.clone()));
    let states = States { drawn, present: &present, sent };
    let Merged { record: mut kept, changes } =
        merged::<_, KeepError>(&mut tx, &edited, states, chrono_tz::UTC).await?;
    if changes.is_empty() {
        return Ok(());
    }
    if !kept.reads_as(&present) {
        kept.revision = present.revision.saturating_add(1);
    }
    if retired_at.is_none() {
        still_askable(&mut tx, &kept).await?;
    }
    questions::update(&mut tx, &kept, retired_at, ctx.now()).await?;
    questions::seen(&mut tx, &kept.of).await?;
    let what = (AuditAction::QuestionKept, subject(&kept));
    let detail = (Some(kept.code.to_string()), changes);
    record_changes(ctx, &mut tx, actor, what, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a question can be asked where it stands, and those after it with it as it is now.
async fn still_askable(tx: &mut Tx, kept: &Question) -> Result<(), KeepError> {
    let mut all = before(tx, &kept.of).await?;
    all.extend(questions::of(tx, &kept.of).await?);
    for one in all.iter_mut().filter(|one| one.code == kept.code) {
        one.clone_from(kept);
    }
    for (at, one) in all.iter().enumerate() {
        let hangs = one.shown_when.as_ref().is_some_and(|when| when.question == kept.code);
        if one.code == kept.code {
            one.askable_after(&all[..at])?;
        } else if hangs && one.askable_after(&all[..at]).is_err() {
            return Err(KeepError::Needed);
        }
    }
    Ok(())
}

/// Retires a question, or asks it again, after the others.
///
/// # Errors
/// [`KeepError`], in which case nothing changed.
pub async fn retire_question(
    ctx: &ActionContext,
    actor: &Actor,
    (of, code): (&QuestionOf, &QuestionCode),
    is_retired: bool,
) -> Result<(), KeepError> {
    let mut tx = ctx.store.begin().await?;
    let found = questions::lock(&mut tx, code).await?.filter(|(one, _)| one.of == *of);
    let (question, retired_at) = found.ok_or(KeepError::Edit(EditError::NoSuch))?;
    if retired_at.is_some() == is_retired {
        return Ok(());
    }
    let mut own = questions::of(&mut tx, of).await?;
    if is_retired {
        let hangs = |one: &Question| {
            one.shown_when.as_ref().is_some_and(|when| when.question == question.code)
        };
        if own.iter().any(hangs) {
            return Err(KeepError::Needed);
        }
    } else {
        if own.len() >= MOST_QUESTIONS {
            return Err(KeepError::TooMany);
        }
        let mut all = before(&mut tx, of).await?;
        all.extend(own.clone());
        question.askable_after(&all)?;
    }
    let since = is_retired.then(|| ctx.now());
    questions::update(&mut tx, &question, since, ctx.now()).await?;
    own.retain(|one| one.code != question.code);
    let mut order: Vec<_> = own.into_iter().map(|one| one.code).collect();
    if !is_retired {
        order.push(question.code.clone());
    }
    questions::put_in_order(&mut tx, &order).await?;
    questions::seen(&mut tx, of).await?;
    let what = if is_retired { "retired" } else { "asked again" };
    note(ctx, &mut tx, actor, &question, what).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a question one up or down.
///
/// # Errors
/// [`KeepError`]: not above the question it hangs on.
pub async fn move_question(
    ctx: &ActionContext,
    actor: &Actor,
    (of, code): (&QuestionOf, &QuestionCode),
    is_up: bool,
) -> Result<(), KeepError> {
    let mut tx = ctx.store.begin().await?;
    questions::lock(&mut tx, code).await?;
    let mut own = questions::of(&mut tx, of).await?;
    let at = own.iter().position(|one| one.code == *code);
    let at = at.ok_or(KeepError::Edit(EditError::NoSuch))?;
    let other = if is_up { at.checked_sub(1) } else { Some(at + 1) };
    let Some(other) = other.filter(|other| *other < own.len()) else { return Ok(()) };
    own.swap(at, other);
    if !is_in_order(&own) {
        return Err(Unaskable::NotBefore.into());
    }
    let order: Vec<_> = own.iter().map(|one| one.code.clone()).collect();
    questions::put_in_order(&mut tx, &order).await?;
    questions::seen(&mut tx, of).await?;
    let what = if is_up { "moved up" } else { "moved down" };
    if let Some(moved) = own.get(other) {
        note(ctx, &mut tx, actor, moved, what).await?;
    }
    tx.commit().await?;
    Ok(())
}
