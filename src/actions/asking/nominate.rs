//! Nominating somebody for a course. What an organiser nominates is decided with it; what a leader nominates for her
//! own institution, an organiser decides. The place is offered by asking her by name.

use chrono::{DateTime, Utc};

use super::ask_people::{Ask, AskError, Invitee, ask_people};
use crate::{
    actions::{
        ActionContext,
        attempt::{key as made_key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        contact::{EmailAddress, PhoneNumber},
        id::{AllianceSlug, CourseSlug, InstitutionCode, NominationId, PersonId, SessionCode},
        nomination::{Decision, Facts, IllegalStep, Nomination, Nominator, Step, Talk, Which},
        person::recognition_key,
        staff::StaffMember,
        text::{Name, Paragraph},
    },
    store::{StoreError, Tx, nominations, people},
    token::{Attempt, row_id},
};

/// Who is nominated, for what and why.
#[derive(Debug, Clone)]
pub struct Nominated {
    /// For what.
    pub course: CourseSlug,
    /// For which session of it, if for one.
    pub session: Option<SessionCode>,
    /// Whose organisers look after it.
    pub alliance: AllianceSlug,
    /// Who she is, where she was chosen from the people we know.
    pub person: Option<PersonId>,
    /// Her name.
    pub name: Name,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Her number.
    pub phone: Option<PhoneNumber>,
    /// Where she comes from.
    pub institution: Option<InstitutionCode>,
    /// Why she should go.
    pub reason: Paragraph,
    /// Who nominates her.
    pub by: Nominator,
    /// The one-to-one before, and the review after, as far as they are planned.
    pub talks: (Talk, Talk),
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NominateError {
    /// There is no such nomination.
    #[error("there is no such nomination")]
    NoSuch,
    /// It makes no sense where the nomination stands.
    #[error(transparent)]
    Illegal(#[from] IllegalStep),
    /// She was not asked.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// She was asked before, has a place or wants no such letters.
    #[error("she was asked to this session before, is on it already, or wants no such letters")]
    LeftOut,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Nominates somebody; with the same `attempt` again, once.
///
/// # Errors
/// [`StoreError`], in which case nobody was nominated.
pub async fn nominate(
    ctx: &ActionContext,
    new: Nominated,
    attempt: Option<&Attempt>,
) -> Result<NominationId, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(before) = made_before(ctx, &mut tx, "nomination", attempt).await? {
        return made_key(&before);
    }
    let key = recognition_key(&new.name, new.email.as_ref(), new.institution.as_ref());
    let is_told_apart = new.email.is_some() || new.institution.is_some();
    let person = match new.person {
        None if is_told_apart => people::recognised(&mut tx, &key).await?,
        person => person,
    };
    let (actor, decision) = match &new.by {
        Nominator::Staff(login) => (Actor::Staff(login.clone()), Some(Decision::Approved)),
        Nominator::Leader(_) => (Actor::Leader, None),
    };
    let one = Nomination {
        id: NominationId::new(row_id(&*ctx.random, &*ctx.clock)),
        course: new.course,
        session: new.session,
        alliance: new.alliance,
        person,
        name: new.name,
        email: new.email,
        phone: new.phone,
        institution: new.institution,
        reason: new.reason,
        by: new.by,
        at: ctx.now(),
        decision,
        withdrawn_at: None,
        before: new.talks.0,
        after: new.talks.1,
    };
    nominations::insert(&mut tx, &one, key).await?;
    made(&mut tx, attempt, &one.id.to_string()).await?;
    record_nomination(ctx, &mut tx, &actor, &one, "new").await?;
    tx.commit().await?;
    Ok(one.id)
}

/// What is written down of a step; the log holds no names and no words.
async fn record_nomination(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    one: &Nomination,
    what: &str,
) -> Result<(), StoreError> {
    let about = match (&one.session, one.person) {
        (Some(code), _) => Subject::session(code),
        (None, Some(person)) => Subject::about(AuditedRecord::Person(person)),
        (None, None) => Subject::about(AuditedRecord::Course(one.course.clone())),
    };
    let detail = Some(format!("{}: {what}", one.course));
    record(ctx, tx, actor, AuditAction::NominationKept, about, detail).await
}

async fn opened(
    tx: &mut Tx,
    id: NominationId,
    step: Step,
) -> Result<(Nomination, Facts), NominateError> {
    let (one, facts) = nominations::find(tx, id).await?.ok_or(NominateError::NoSuch)?;
    one.state(facts).may(step)?;
    Ok((one, facts))
}

/// Decides a leader's nomination.
///
/// # Errors
/// [`NominateError`], in which case nothing changed.
pub async fn decide_nomination(
    ctx: &ActionContext,
    actor: &Actor,
    id: NominationId,
    decision: Decision,
) -> Result<(), NominateError> {
    let mut tx = ctx.store.begin().await?;
    let step = match decision {
        Decision::Approved => Step::Approve,
        Decision::Declined => Step::Decline,
    };
    let (one, facts) = opened(&mut tx, id, step).await?;
    if !nominations::decide(&mut tx, id, (decision, actor), ctx.now()).await? {
        return Err(IllegalStep { state: one.state(facts), step }.into());
    }
    record_nomination(ctx, &mut tx, actor, &one, decision.as_str()).await?;
    Ok(tx.commit().await?)
}

/// Takes a nomination back. What she was asked stays asked: that is taken back by itself.
///
/// # Errors
/// [`NominateError`], in which case nothing changed.
pub async fn withdraw_nomination(
    ctx: &ActionContext,
    actor: &Actor,
    id: NominationId,
) -> Result<(), NominateError> {
    let mut tx = ctx.store.begin().await?;
    let (one, _) = opened(&mut tx, id, Step::Withdraw).await?;
    nominations::withdraw(&mut tx, id, ctx.now()).await?;
    record_nomination(ctx, &mut tx, actor, &one, "taken back").await?;
    Ok(tx.commit().await?)
}

/// Plans one of the talks, or says that it was had and what was agreed.
///
/// # Errors
/// [`NominateError`], in which case nothing changed.
pub async fn keep_talk(
    ctx: &ActionContext,
    actor: &Actor,
    id: NominationId,
    (which, sent, is_done): (Which, &Talk, bool),
) -> Result<(), NominateError> {
    let mut tx = ctx.store.begin().await?;
    let step = match which {
        Which::Before => Step::Before,
        // The day of the review is set before she goes.
        Which::After if !is_done => Step::Before,
        Which::After => Step::After,
    };
    let (one, facts) = nominations::find(&mut tx, id).await?.ok_or(NominateError::NoSuch)?;
    let state = one.state(facts);
    state.may(step).or_else(|illegal| match which {
        Which::After => state.may(Step::After),
        Which::Before => Err(illegal),
    })?;
    let before = one.talk(which).done_at;
    let done_at = is_done.then(|| before.unwrap_or(ctx.now()));
    let talk = Talk { done_at, ..sent.clone() };
    nominations::set_talk(&mut tx, id, (which, &talk)).await?;
    let what = match (which, is_done) {
        (Which::Before, true) => "one-to-one had",
        (Which::Before, false) => "one-to-one planned",
        (Which::After, true) => "reviewed",
        (Which::After, false) => "review planned",
    };
    record_nomination(ctx, &mut tx, actor, &one, what).await?;
    Ok(tx.commit().await?)
}

/// Asks whoever is nominated to a session, by name: her place is decided.
///
/// # Errors
/// [`NominateError`], in which case she was not asked.
pub async fn ask_nominated(
    ctx: &ActionContext,
    by: &StaffMember,
    id: NominationId,
    (session, answer_by): (&SessionCode, DateTime<Utc>),
    words: Option<Paragraph>,
) -> Result<(), NominateError> {
    let mut conn = ctx.store.read().await?;
    let (one, facts) = nominations::find(&mut conn, id).await?.ok_or(NominateError::NoSuch)?;
    drop(conn);
    one.state(facts).may(Step::Ask)?;
    let invitee = match one.person {
        Some(person) => Invitee::Known(person),
        None => Invitee::Pasted(one.name, one.email),
    };
    let ask =
        Ask { invitees: vec![invitee], answer_by, vouched: true, words, nomination: Some(id) };
    match ask_people(ctx, by, session, &ask, None).await?.asked {
        0 => Err(NominateError::LeftOut),
        _ => Ok(()),
    }
}

/// Says that a talk was had, with what was agreed; what was written before stays where nothing is said.
///
/// # Errors
/// [`NominateError`], in which case nothing changed.
pub async fn finish_talk(
    ctx: &ActionContext,
    actor: &Actor,
    id: NominationId,
    (which, words): (Which, Option<Paragraph>),
) -> Result<(), NominateError> {
    let mut conn = ctx.store.read().await?;
    let (one, _) = nominations::find(&mut conn, id).await?.ok_or(NominateError::NoSuch)?;
    drop(conn);
    let known = one.talk(which).clone();
    let talk = Talk { words: words.or(known.words), ..known };
    keep_talk(ctx, actor, id, (which, &talk, true)).await
}
