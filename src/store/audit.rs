//! The audit log: appended and read, never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, rows};
use crate::domain::{
    audit::{Actor, AuditEvent, AuditedRecord},
    edit::Change,
    id::{PlaceId, RegistrationId, SessionCode, StaffLogin},
};

row! {
    struct EventRow {
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

/// What a filter narrows the log to. The first condition is the one an index answers; the others
/// are looked at in what it finds.
macro_rules! narrowed {
    ($first:literal) => {
        concat!(
            "select e.id, e.at from audit_events e where ",
            $first,
            " and e.at < $5 and (e.session = $1 or $1 is null)
              and (e.registration = $2 or $2 is null) and (e.actor = $3 or $3 is null)
              and (e.session in (select s.code from sessions s
                   join staff_alliances a on a.alliance = s.alliance where a.login = $4)
                   or $4 is null)"
        )
    };
}

/// How many events a filter finds, as far as they are counted.
macro_rules! length {
    ($found:expr) => {
        concat!("select count(*) from (", $found, " limit 100000) c")
    };
}

/// The events of a page, latest first: found in an index, and only then read.
macro_rules! page {
    ($found:expr, $window:literal) => {
        concat!(
            "select l.* from audit_events l join (",
            $found,
            " order by e.at desc, e.id desc ",
            $window,
            ") p on p.id = l.id order by l.at desc, l.id desc"
        )
    };
}

/// The events on sessions of an organiser's alliances: an index has those of each session, and `cross join`
/// has SQLite begin with her sessions.
macro_rules! of_alliances {
    () => {
        "select e.id, e.at from staff_alliances a cross join sessions s cross join audit_events e
         where a.login = $1 and s.alliance = a.alliance and e.session = s.code and e.at < $2"
    };
}

/// The same by time, for her first pages: it stops where the page ends.
macro_rules! walked {
    () => {
        "select e.id, e.at from audit_events e where e.at < $2 and exists
             (select 1 from sessions s join staff_alliances a on a.alliance = s.alliance
              where s.code = e.session and a.login = $1)"
    };
}

macro_rules! everything {
    () => {
        "select e.id, e.at from audit_events e where e.at < $1"
    };
}

macro_rules! of_actor {
    () => {
        "select e.id, e.at from audit_events e where e.actor = $1 and e.at < $2"
    };
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

    PAGE_OF_REGISTRATION: EventRow =
        page!(narrowed!("e.registration = $2"), "limit $6 offset $7");
    LENGTH_OF_REGISTRATION: i64 = length!(narrowed!("e.registration = $2"));

    PAGE_OF_SESSION: EventRow = page!(narrowed!("e.session = $1"), "limit $6 offset $7");
    LENGTH_OF_SESSION: i64 = length!(narrowed!("e.session = $1"));

    /// Somebody's, on sessions of an organiser's alliances.
    PAGE_OF_ACTOR: EventRow = page!(narrowed!("e.actor = $3"), "limit $6 offset $7");
    LENGTH_OF_ACTOR: i64 = length!(narrowed!("e.actor = $3"));

    LATEST: EventRow = page!(everything!(), "limit $2 offset $3");
    LENGTH: i64 = length!(everything!());

    LATEST_OF_ACTOR: EventRow = page!(of_actor!(), "limit $3 offset $4");
    LENGTH_OF_WHOLE_ACTOR: i64 = length!(of_actor!());

    WALKED_OF_ALLIANCES: EventRow = page!(walked!(), "limit $3 offset $4");
    /// Good for her last pages, and for whoever has few events among many: it sorts her own, and no others.
    SORTED_OF_ALLIANCES: EventRow = page!(of_alliances!(), "limit $3 offset $4");
    LENGTH_OF_ALLIANCES: i64 = length!(of_alliances!());
    /// How many sessions there are, and how many of them are of her alliances.
    SHARE_OF_ALLIANCES: (i64, i64) =
        "select (select count(*) from sessions), (select count(*) from staff_alliances a
             join sessions s on s.alliance = a.alliance where a.login = $1)",
        reads_all: "counts sessions, not what happened on them";
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
    APPEND.run(tx, [new]).await?;
    Ok(())
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
    fn read(self) -> Result<AuditEvent, StoreError> {
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

/// How many events a list is paged through at most: further back, say until when.
pub const MOST: i64 = 100_000;

/// Which events are looked for; every part narrows the list.
#[derive(Debug, Clone)]
pub struct AuditFilter {
    /// On this session.
    pub session: Option<SessionCode>,
    /// In this registration.
    pub registration: Option<RegistrationId>,
    /// By whom.
    pub actor: Option<Actor>,
    /// Only on sessions of this organiser's alliances.
    pub within: Option<StaffLogin>,
    /// Before this moment.
    pub until: DateTime<Utc>,
}

impl AuditFilter {
    /// All events before a moment.
    pub const fn until(moment: DateTime<Utc>) -> Self {
        Self { session: None, registration: None, actor: None, within: None, until: moment }
    }
}

/// The events a filter lets through, latest first; no more than [`MOST`] are counted.
pub async fn search(
    conn: &mut Conn,
    filter: &AuditFilter,
    window: Window,
) -> Result<Found<AuditEvent>, StoreError> {
    let session = filter.session.as_ref().map(SessionCode::as_str);
    let registration = filter.registration.map(RegistrationId::uuid);
    let actor = filter.actor.as_ref().map(ToString::to_string);
    let within = filter.within.as_ref().map(StaffLogin::as_str);
    let (Window { limit, offset }, until) = (window, filter.until);
    let actor = actor.as_deref();
    let (page, length) = match (registration, session, actor, within) {
        (None, None, None, None) => {
            let rows = LATEST.all(conn, (until, limit, offset)).await?;
            return found(rows, LENGTH.value(conn, [until]).await?);
        }
        (None, None, None, Some(login)) => {
            return of_alliances(conn, (login, until), window).await;
        }
        (None, None, Some(actor), None) => {
            let rows = LATEST_OF_ACTOR.all(conn, (actor, until, limit, offset)).await?;
            return found(rows, LENGTH_OF_WHOLE_ACTOR.value(conn, (actor, until)).await?);
        }
        (Some(_), ..) => (PAGE_OF_REGISTRATION, LENGTH_OF_REGISTRATION),
        (_, Some(_), ..) => (PAGE_OF_SESSION, LENGTH_OF_SESSION),
        (_, _, Some(_), _) => (PAGE_OF_ACTOR, LENGTH_OF_ACTOR),
    };
    let total = length.value(conn, (session, registration, actor, within, until)).await?;
    let about = (session, registration, actor, within, until, limit, offset);
    found(page.all(conn, about).await?, total)
}

/// What happened on sessions of an organiser's alliances, by whichever way reads fewer events.
async fn of_alliances(
    conn: &mut Conn,
    (login, until): (&str, DateTime<Utc>),
    Window { limit, offset }: Window,
) -> Result<Found<AuditEvent>, StoreError> {
    let total = LENGTH_OF_ALLIANCES.value(conn, (login, until)).await?;
    let (all, hers) = SHARE_OF_ALLIANCES.optional(conn, [login]).await?.unwrap_or_default();
    // As far back as the page ends, if as much happens on her sessions as on others.
    let walked = (offset + limit).saturating_mul(all) / hers.max(1);
    let page = if walked < total { WALKED_OF_ALLIANCES } else { SORTED_OF_ALLIANCES };
    found(page.all(conn, (login, until, limit, offset)).await?, total)
}

fn found(rows: Vec<EventRow>, total: i64) -> Result<Found<AuditEvent>, StoreError> {
    let items = rows.into_iter().map(EventRow::read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}
