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
    let event = AuditEvent {
        at: ctx.now(),
        actor: actor.clone(),
        action,
        session: subject.session,
        registration: subject.registration,
        place: subject.place,
        detail,
    };
    audit::append(tx, row_id(&*ctx.random, &*ctx.clock), &event).await
}
