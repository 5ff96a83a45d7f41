//! The audit log: appended and read, never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, rows};
use crate::domain::{
    audit::{Actor, AuditEvent, AuditedRecord},
    edit::Change,
    id::{PlaceId, RegistrationId, SessionCode, StaffLogin},
};

row! {
    pub(super) struct EventRow {
        id: Uuid,
        at: DateTime<Utc>,
        actor: String,
        action: String,
        session: Option<String>,
        registration: Option<Uuid>,
        place: Option<Uuid>,
        about: Option<String>,
        detail: Option<String>,
        changes: Option<String>,
    }
}

statements! {
    APPEND = {
        sqlite: "insert into audit_events (id, at, actor, action, session, registration, place,
                about, detail, changes)
            select unhex(value ->> 'id'), value ->> 'at', value ->> 'actor', value ->> 'action',
                value ->> 'session', unhex(value ->> 'registration'), unhex(value ->> 'place'),
                value ->> 'about', value ->> 'detail', value ->> 'changes'
            from json_each($1)",
        postgres: "insert into audit_events (id, at, actor, action, session, registration, place,
                about, detail, changes)
            select id, at, actor, action, session, registration, place, about, detail, changes
            from json_to_recordset($1::json) as new(id uuid, at timestamptz, actor text,
                action text, session text, registration uuid, place uuid, about text, detail text,
                changes text)",
    };

    FIRST_PUBLISHED: (String, DateTime<Utc>) =
        "select session, min(at) from audit_events
         where action = 'session-published' and at > $1 and session is not null group by session";

    OF_REGISTRATION: EventRow =
        "select * from audit_events where registration = $1 order by at, id";

    /// Also what happened to its places, such as at the door.
    OF_BOOKING: EventRow =
        "select l.* from audit_events l where l.id in
             (select e.id from audit_events e where e.registration = $1
              union select q.id from places p join audit_events q on q.place = p.id
                    where p.registration = $1)
         order by l.at desc, l.id desc";

    /// The latest edits; who changed a field longer ago than that is found nowhere else.
    EDITS_OF_SESSION: EventRow =
        "select * from audit_events where session = $1 and changes is not null
         order by at desc, id desc limit 100";

    EDITS_OF_REGISTRATION: EventRow =
        "select * from audit_events where registration = $1 and changes is not null
         order by at desc, id desc limit 100";

    EDITS_OF_RECORD: EventRow =
        "select * from audit_events where about = $1 and changes is not null
         order by at desc, id desc limit 100";

    SIGN_INS: EventRow =
        "select * from audit_events
         where actor = $1 and action in ('sign-in-requested', 'signed-in', 'signed-in-by-passkey',
            'signed-out', 'passkey-added', 'passkey-removed', 'passkey-suspected')
         order by at desc, id desc limit $2";
}

/// An event to be appended, with the columns of its row.
#[derive(Serialize)]
struct NewEvent<'a> {
    id: String,
    at: String,
    actor: String,
    action: &'static str,
    session: Option<&'a str>,
    registration: Option<String>,
    place: Option<String>,
    about: Option<String>,
    detail: Option<&'a str>,
    changes: Option<String>,
}

/// A change of one field, as its row keeps it.
#[derive(Serialize, Deserialize)]
struct ChangeColumn {
    key: String,
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

impl ChangeColumn {
    fn of(change: &Change) -> Self {
        let (from, to) = change.values.clone().unzip();
        Self { key: change.key.clone(), field: change.field.clone(), from, to }
    }

    fn read(self) -> Change {
        Change { key: self.key, field: self.field, values: self.from.zip(self.to) }
    }
}

impl<'a> NewEvent<'a> {
    fn of((id, event): &'a (Uuid, AuditEvent)) -> Result<Self, StoreError> {
        let changes: Vec<_> = event.changes.iter().map(ChangeColumn::of).collect();
        let changes = if changes.is_empty() { None } else { Some(rows::json(&changes)?) };
        Ok(Self {
            id: rows::key(*id),
            at: rows::moment(event.at),
            actor: event.actor.to_string(),
            action: event.action.as_str(),
            session: event.session.as_ref().map(SessionCode::as_str),
            registration: event.registration.map(|id| rows::key(id.uuid())),
            place: event.place.map(|id| rows::key(id.uuid())),
            about: event.about.as_ref().map(ToString::to_string),
            detail: event.detail.as_deref(),
            changes,
        })
    }
}

/// Appends events.
pub async fn append(tx: &mut Tx, events: &[(Uuid, AuditEvent)]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let new = events.iter().map(NewEvent::of).collect::<Result<Vec<_>, _>>()?;
    let new = rows::json(&new)?;
    APPEND.later(tx, [new]).await
}

/// When sessions were first put into the catalogue, for those where that was after `since`.
pub async fn published_after(
    conn: &mut Conn,
    since: DateTime<Utc>,
) -> Result<HashMap<SessionCode, DateTime<Utc>>, StoreError> {
    let rows = FIRST_PUBLISHED.all(conn, [since]).await?;
    let read = |(code, at): (String, _)| Ok((parse("audit_events", "session", &code, &code)?, at));
    rows.into_iter().map(read).collect()
}

impl EventRow {
    pub(super) fn read(self) -> Result<AuditEvent, StoreError> {
        const TABLE: &str = "audit_events";
        let session = self.session.as_deref();
        let changes = self.changes.as_deref().map(serde_json::from_str::<Vec<ChangeColumn>>);
        let corrupt =
            |_| StoreError::Corrupt { table: TABLE, column: "changes", row: self.id.to_string() };
        let changes = changes.transpose().map_err(corrupt)?.unwrap_or_default();
        let about = self.about.as_deref();
        Ok(AuditEvent {
            changes: changes.into_iter().map(ChangeColumn::read).collect(),
            about: about.map(|text| parse(TABLE, "about", &self.id, text)).transpose()?,
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

/// Everything that happened to a booking and on its places, latest first.
pub async fn of_booking(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = OF_BOOKING.all(conn, [registration.uuid()]).await?;
    rows.into_iter().map(EventRow::read).collect()
}

/// Everything that happened to a registration, oldest first.
pub async fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = OF_REGISTRATION.all(conn, [registration.uuid()]).await?;
    rows.into_iter().map(EventRow::read).collect()
}

/// What an edit may be an edit of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// A session, with its days.
    Session(SessionCode),
    /// A booking, with its places.
    Booking(RegistrationId),
    /// Any other record.
    Record(AuditedRecord),
}

/// The latest edits of something, latest first.
pub async fn edits_of(conn: &mut Conn, edited: &Edited) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = match edited {
        Edited::Session(code) => EDITS_OF_SESSION.all(conn, [code.as_str()]).await?,
        Edited::Booking(id) => EDITS_OF_REGISTRATION.all(conn, [id.uuid()]).await?,
        Edited::Record(record) => EDITS_OF_RECORD.all(conn, [record.to_string()]).await?,
    };
    rows.into_iter().map(EventRow::read).collect()
}

/// When somebody signed in and out and what became of their passkeys, latest first.
pub async fn sign_ins(
    conn: &mut Conn,
    login: &StaffLogin,
    limit: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    let actor = Actor::Staff(login.clone()).to_string();
    let rows = SIGN_INS.all(conn, (actor, limit)).await?;
    rows.into_iter().map(EventRow::read).collect()
}
