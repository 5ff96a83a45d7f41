//! The audit log: appended and read, never changed.

use uuid::Uuid;

use super::{StoreError, Tx};
use crate::domain::{
    audit::AuditEvent,
    id::{PlaceId, RegistrationId, SessionCode},
};

/// Appends an event.
///
/// # Errors
/// [`StoreError`].
pub async fn append(tx: &mut Tx, id: Uuid, event: &AuditEvent) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "insert into audit_events (id, at, actor, action, session, registration, place, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        event.at,
        event.actor.to_string(),
        event.action.as_str(),
        event.session.as_ref().map(SessionCode::as_str),
        event.registration.map(RegistrationId::uuid),
        event.place.map(PlaceId::uuid),
        event.detail.as_deref(),
    )?;
    Ok(())
}
