//! Audit events, written beside the change they tell of.

use super::ActionContext;
use crate::{
    domain::{
        audit::{Actor, AuditAction, AuditEvent},
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
}

impl Subject {
    /// A registration and its session.
    pub(super) fn of(registration: &Registration) -> Self {
        Self {
            session: Some(registration.session.clone()),
            registration: Some(registration.id),
            place: None,
        }
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
    let event = |(action, detail)| {
        let event = AuditEvent {
            at: ctx.now(),
            actor: actor.clone(),
            action,
            session: subject.session.clone(),
            registration: subject.registration,
            place: subject.place,
            detail,
        };
        (row_id(&*ctx.random, &*ctx.clock), event)
    };
    audit::append(tx, &actions.into_iter().map(event).collect::<Vec<_>>()).await
}
