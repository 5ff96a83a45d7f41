//! A course elsewhere or hours of action are written down by an organiser, or claimed by whoever did it.

use chrono::NaiveDate;

use super::{latest_day, put_on::PathError};
use crate::{
    actions::{
        ActionContext,
        attempt::{made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{PathRecordId, PersonId},
        path::{OnPath, PathRecord, RecordKind, RecordState, RecordedBy},
    },
    store::{path_people, path_records, people},
    token::{Attempt, row_id},
};

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedWork {
    /// Of what kind.
    pub kind: RecordKind,
    /// What it was.
    pub title: String,
    /// Who held it, or for whom it was.
    pub by_whom: Option<String>,
    /// Which of the path's kinds of action.
    pub sort: Option<String>,
    /// When.
    pub done_on: NaiveDate,
    /// How long, in minutes.
    pub minutes: u32,
}

/// Writes down what somebody did: confirmed where an organiser does so, to be confirmed where she does.
///
/// # Errors
/// [`PathError`], in which case nothing is written.
pub async fn write_down(
    ctx: &ActionContext,
    actor: &Actor,
    (id, done): (PersonId, &ClaimedWork),
    attempt: Option<&Attempt>,
) -> Result<(), PathError> {
    let mut tx = ctx.store.begin().await?;
    if made_before(ctx, &mut tx, "path-record", attempt).await?.is_some() {
        return Ok(());
    }
    if done.done_on > latest_day(ctx.now()) {
        return Err(PathError::ToCome);
    }
    let person = people::lock(&mut tx, id).await?.filter(|one| one.merged_into.is_none());
    let person = person.ok_or(PathError::NoSuchPerson)?;
    let staff = match actor {
        Actor::Staff(login) => Some(login.clone()),
        _ => None,
    };
    let is_on = path_people::of_person(&mut tx, id).await?.iter().any(OnPath::is_on);
    if staff.is_none() && !is_on {
        return Err(PathError::NotOnIt);
    }
    let (state, by) = match &staff {
        Some(_) => (RecordState::Confirmed, RecordedBy::Office),
        None => (RecordState::Asked, RecordedBy::Herself),
    };
    let new = PathRecord {
        id: PathRecordId::new(row_id(&*ctx.random, &*ctx.clock)),
        person: person.id,
        kind: done.kind,
        title: done.title.clone(),
        by_whom: done.by_whom.clone(),
        sort: done.sort.clone(),
        done_on: done.done_on,
        minutes: done.minutes,
        state,
        by,
        reason: None,
        asked_at: ctx.now(),
        decided: staff.map(|login| (ctx.now(), Some(login))),
    };
    path_records::insert(&mut tx, &new).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let what = if by == RecordedBy::Herself { "claimed" } else { "written down" };
    let detail = Some(format!("{} {what}, {} minutes", done.kind, done.minutes));
    record(ctx, &mut tx, actor, AuditAction::PathRecorded, subject, detail).await?;
    made(&mut tx, attempt, &new.id.to_string()).await?;
    Ok(tx.commit().await?)
}

/// Takes a record out: an organiser any, whoever claimed one only while nobody has decided about it.
///
/// # Errors
/// [`PathError`], in which case it stays.
pub async fn take_out(
    ctx: &ActionContext,
    actor: &Actor,
    (person, id): (PersonId, PathRecordId),
) -> Result<(), PathError> {
    let mut tx = ctx.store.begin().await?;
    people::lock(&mut tx, person).await?;
    let found = path_records::find(&mut tx, id).await?.filter(|one| one.person == person);
    let Some(found) = found else { return Ok(()) };
    if !matches!(actor, Actor::Staff(_)) && found.state != RecordState::Asked {
        return Err(PathError::Meanwhile);
    }
    path_records::remove(&mut tx, id).await?;
    let subject = Subject::about(AuditedRecord::Person(person));
    let detail = Some(format!("{} taken out, {} minutes", found.kind, found.minutes));
    record(ctx, &mut tx, actor, AuditAction::PathRecorded, subject, detail).await?;
    Ok(tx.commit().await?)
}
