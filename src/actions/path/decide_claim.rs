//! What somebody claims is confirmed or refused, and she is told.

use super::{put_on::PathError, send_link::new_link};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{PathRecordId, PersonId},
        letter::LetterKind,
        path::{Hours, OnPath, PathRecord, RecordState},
        wording,
    },
    mail::letters::{self, ClaimAnswer},
    store::{outbox::About, path_people, path_records, people},
};

/// What an organiser says of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimDecision {
    /// It counts.
    Confirm,
    /// It does not, and why.
    Refuse(String),
}

/// `3 hours, Assembly at City Hall, Saturday 3 October 2026`.
fn what(record: &PathRecord) -> String {
    let day = wording::long_date(record.done_on);
    format!("{}, {}, {day}", Hours(record.minutes).words(), record.title)
}

/// Decides about a claim of somebody.
///
/// # Errors
/// [`PathError`], in which case nothing changed.
pub async fn decide_claim(
    ctx: &ActionContext,
    actor: &Actor,
    (person, id): (PersonId, PathRecordId),
    answer: &ClaimDecision,
) -> Result<(), PathError> {
    let mut tx = ctx.store.begin().await?;
    let known = people::lock(&mut tx, person).await?.ok_or(PathError::NoSuchPerson)?;
    let found = path_records::find(&mut tx, id).await?.filter(|one| one.person == person);
    let found = found.ok_or(PathError::Meanwhile)?;
    let (state, reason) = match answer {
        ClaimDecision::Confirm => (RecordState::Confirmed, None),
        ClaimDecision::Refuse(reason) => (RecordState::Refused, Some(reason.as_str())),
    };
    let by = match actor {
        Actor::Staff(login) => Some(login),
        _ => None,
    };
    if !path_records::decide(&mut tx, id, (state, reason), (by, ctx.now())).await? {
        return Err(PathError::Meanwhile);
    }
    let subject = Subject::about(AuditedRecord::Person(person));
    let detail = Some(format!("{} of {} minutes {state}", found.kind, found.minutes));
    record(ctx, &mut tx, actor, AuditAction::ClaimDecided, subject, detail).await?;
    if let Some(email) = &known.email {
        let is_on = path_people::of_person(&mut tx, person).await?.iter().any(OnPath::is_on);
        let url = match is_on {
            true => Some(ctx.path_url(&new_link(ctx, &mut tx, person).await?)),
            false => None,
        };
        let answer = ClaimAnswer {
            what: what(&found),
            is_confirmed: state == RecordState::Confirmed,
            reason: reason.map(str::to_owned),
            url,
        };
        let content = letters::claim_answered(&ctx.letterhead, known.name.as_str(), &answer);
        let to = (Some(known.name.to_string()), email.clone());
        tell(ctx, &mut tx, LetterKind::ClaimAnswered, to, content, About::default()).await?;
    }
    Ok(tx.commit().await?)
}
