//! The audit log: appended and read, never changed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
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

#[derive(FromRow)]
struct EventRow {
    id: Uuid,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    session: Option<String>,
    registration: Option<Uuid>,
    place: Option<Uuid>,
    detail: Option<String>,
}

impl EventRow {
    fn read(self) -> Result<AuditEvent, StoreError> {
        const TABLE: &str = "audit_events";
        let session = self.session.as_deref();
        Ok(AuditEvent {
            at: self.at,
            actor: parse(TABLE, "actor", &self.id, &self.actor)?,
            action: parse(TABLE, "action", &self.id, &self.action)?,
            session: session.map(|code| parse(TABLE, "session", &self.id, code)).transpose()?,
            registration: self.registration.map(RegistrationId::new),
            place: self.place.map(PlaceId::new),
            detail: self.detail,
        })
    }
}

/// Everything that happened to a registration, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = run!(
        all EventRow, conn,
        "select * from audit_events where registration = $1 order by at, id",
        registration.uuid(),
    )?;
    rows.into_iter().map(EventRow::read).collect()
}
