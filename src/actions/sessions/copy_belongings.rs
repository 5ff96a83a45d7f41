//! What belongs to a session beside its plan goes with a copy of it: its own questions, what it asks afterwards, and
//! what it hands out. What anybody answered stays where it was answered.

use std::collections::HashMap;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        belongings::Belongings,
        handout::{HandedOut, Handout},
        id::{CourseSlug, FeedbackQuestionId, HandoutId, QuestionCode, SessionCode},
        question::{Question, QuestionOf},
    },
    store::{Conn, StoreError, Tx, feedback_questions, handouts, questions},
    token::row_id,
};

/// What a copy of a session would get.
///
/// # Errors
/// [`StoreError`].
pub async fn belongings(conn: &mut Conn, code: &SessionCode) -> Result<Belongings, StoreError> {
    let of = HandedOut::Session(code.clone());
    let afterwards = feedback_questions::of(conn, &of).await?;
    let papers = handouts::of(conn, &of).await?;
    Ok(Belongings {
        questions: questions::of(conn, &QuestionOf::Session(code.clone())).await?.len(),
        afterwards: afterwards.iter().filter(|one| !one.is_ended).count(),
        links: papers.iter().filter(|one| one.bytes().is_none()).count(),
        files: papers.iter().filter_map(Handout::bytes).collect(),
    })
}

/// Copies it to sessions that were planned as one is, of a course.
pub(super) async fn copy_belongings(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (from, course): (&SessionCode, &CourseSlug),
    copies: &[SessionCode],
) -> Result<(), StoreError> {
    let with_files = belongings(tx, from).await?.files_go_to(copies.len());
    for to in copies {
        copy_questions(ctx, tx, actor, (from, course, to)).await?;
        copy_afterwards(ctx, tx, actor, (from, to)).await?;
        copy_handouts(ctx, tx, actor, (from, to), with_files).await?;
    }
    Ok(())
}

async fn copy_questions(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (from, course, to): (&SessionCode, &CourseSlug, &SessionCode),
) -> Result<(), StoreError> {
    let own = questions::of(tx, &QuestionOf::Session(from.clone())).await?;
    if own.is_empty() {
        return Ok(());
    }
    let of_course = questions::of(tx, &QuestionOf::Course(course.clone())).await?;
    let mut codes: HashMap<QuestionCode, QuestionCode> =
        of_course.into_iter().map(|one| (one.code.clone(), one.code)).collect();
    let mut number = questions::count_all(tx).await?;
    for question in own {
        // What hung on a question of another course is asked of everybody.
        let shown_when = question.shown_when.clone().and_then(|mut when| {
            when.question = codes.get(&when.question)?.clone();
            Some(when)
        });
        let (of, revision) = (QuestionOf::Session(to.clone()), 1);
        let mut new = Question { of, revision, shown_when, ..question.clone() };
        loop {
            number += 1;
            new.code = QuestionCode::numbered(number);
            if questions::insert(tx, &new, ctx.now()).await? {
                break;
            }
        }
        let about = AuditedRecord::Question(new.code.clone());
        let subject = Subject { session: Some(to.clone()), ..Subject::about(about) };
        let detail = Some(format!("{}: as {} of {from}", new.code, question.code));
        record(ctx, tx, actor, AuditAction::QuestionKept, subject, detail).await?;
        codes.insert(question.code, new.code);
    }
    Ok(())
}

async fn copy_afterwards(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (from, to): (&SessionCode, &SessionCode),
) -> Result<(), StoreError> {
    let asked = feedback_questions::of(tx, &HandedOut::Session(from.clone())).await?;
    for question in asked.iter().filter(|one| !one.is_ended) {
        let id = FeedbackQuestionId::new(row_id(&*ctx.random, &*ctx.clock));
        feedback_questions::copy(tx, question.id, (id, to)).await?;
        let (action, about) = (AuditAction::FeedbackQuestionsChanged, Subject::session(to));
        let detail = Some(format!("asked as after {from}: {}", question.wording));
        record(ctx, tx, actor, action, about, detail).await?;
    }
    Ok(())
}

async fn copy_handouts(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (from, to): (&SessionCode, &SessionCode),
    with_files: bool,
) -> Result<(), StoreError> {
    let papers = handouts::of(tx, &HandedOut::Session(from.clone())).await?;
    for paper in papers.iter().filter(|one| with_files || one.bytes().is_none()) {
        let id = HandoutId::new(row_id(&*ctx.random, &*ctx.clock));
        handouts::copy(tx, paper.id, (id, to)).await?;
        let detail = Some(format!("{}, as of {from}", paper.kind()));
        let (action, about) = (AuditAction::HandoutAdded, Subject::session(to));
        record(ctx, tx, actor, action, about, detail).await?;
    }
    Ok(())
}
