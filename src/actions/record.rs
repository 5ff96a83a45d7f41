//! Audit events, written beside the change they tell of.

use super::ActionContext;
use crate::{
    domain::{
        audit::{Actor, AuditAction, AuditEvent, AuditedRecord},
        edit::Change,
        id::{PlaceId, RegistrationId, SessionCode},
        registration::Registration,
    },
    store::{StoreError, Tx, audit},
    token::row_id,
};

/// What an event is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    pub(super) session: Option<SessionCode>,
    pub(super) registration: Option<RegistrationId>,
    pub(super) place: Option<PlaceId>,
    pub(super) about: Option<AuditedRecord>,
}

impl Subject {
    /// A registration and its session.
    pub(super) fn of(registration: &Registration) -> Self {
        Self {
            session: Some(registration.session.clone()),
            registration: Some(registration.id),
            place: None,
            about: None,
        }
    }

    /// A session.
    pub(super) fn session(code: &SessionCode) -> Self {
        Self { session: Some(code.clone()), ..Self::default() }
    }

    /// Any other record.
    pub(super) fn about(record: AuditedRecord) -> Self {
        Self { about: Some(record), ..Self::default() }
    }
}

/// What an edit changed, from what to what.
pub(super) async fn record_changes(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (action, subject): (AuditAction, Subject),
    (detail, changes): (Option<String>, Vec<Change>),
) -> Result<(), StoreError> {
    let event = AuditEvent { changes, ..event(ctx, actor, &subject, (action, detail)) };
    audit::append(tx, &[(row_id(&*ctx.random, &*ctx.clock), event)]).await
}

fn event(
    ctx: &ActionContext,
    actor: &Actor,
    subject: &Subject,
    (action, detail): (AuditAction, Option<String>),
) -> AuditEvent {
    AuditEvent {
        at: ctx.now(),
        actor: actor.clone(),
        action,
        session: subject.session.clone(),
        registration: subject.registration,
        place: subject.place,
        about: subject.about.clone(),
        detail,
        changes: Vec::new(),
    }
}

pub(super) async fn record(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    action: AuditAction,
    subject: Subject,
    detail: Option<String>,
) -> Result<(), StoreError> {
    record_all(ctx, tx, actor, subject, vec![(action, detail)]).await
}

/// Several events about the same, in one statement.
pub(super) async fn record_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    subject: Subject,
    actions: Vec<(AuditAction, Option<String>)>,
) -> Result<(), StoreError> {
    let event = |what| (row_id(&*ctx.random, &*ctx.clock), event(ctx, actor, &subject, what));
    audit::append(tx, &actions.into_iter().map(event).collect::<Vec<_>>()).await
}
