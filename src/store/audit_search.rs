//! The log as the office looks through it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, Found, StoreError, Window, audit::EventRow, codec::parse, organisers_lists, rows,
};
use crate::domain::{
    audit::{Actor, AuditEvent},
    id::{RegistrationId, SessionCode, StaffLogin},
    reference::Reference,
};

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
        concat!("select count(*) from (", $found, " limit 50000) c")
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

/// The events on sessions of an organiser's alliances: an index has those of each session.
macro_rules! of_alliances {
    ($database:ident) => {
        through_her_sessions!($database, "$1", "e.id, e.at", "audit_events" as "e", "e.at < $2")
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

/// Somebody's events on sessions of an organiser's alliances, by her sessions.
macro_rules! of_actor_on_alliances {
    ($database:ident) => {
        through_her_sessions!($database, "$1", "e.id, e.at", "audit_events" as "e",
            "e.at < $2 and e.actor = $3")
    };
}

/// The same by time.
macro_rules! walked_of_actor {
    () => {
        "select e.id, e.at from audit_events e where e.actor = $3 and e.at < $2 and exists
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
    PAGE_OF_REGISTRATION: EventRow =
        page!(narrowed!("e.registration = $2"), "limit $6 offset $7");
    LENGTH_OF_REGISTRATION: i64 = length!(narrowed!("e.registration = $2"));

    PAGE_OF_SESSION: EventRow = page!(narrowed!("e.session = $1"), "limit $6 offset $7");
    LENGTH_OF_SESSION: i64 = length!(narrowed!("e.session = $1"));

    LATEST: EventRow = page!(everything!(), "limit $2 offset $3");
    LENGTH: i64 = length!(everything!());

    LATEST_OF_ACTOR: EventRow = page!(of_actor!(), "limit $3 offset $4");
    LENGTH_OF_WHOLE_ACTOR: i64 = length!(of_actor!());

    WALKED_OF_ALLIANCES: EventRow = page!(walked!(), "limit $3 offset $4");
    /// Good for her last pages, and for whoever has few events among many: it sorts her own, and no others.
    SORTED_OF_ALLIANCES: EventRow = {
        sqlite: page!(of_alliances!(sqlite), "limit $3 offset $4"),
        postgres: page!(of_alliances!(postgres), "limit $3 offset $4"),
    };
    LENGTH_OF_ALLIANCES: i64 = {
        sqlite: length!(of_alliances!(sqlite)),
        postgres: length!(of_alliances!(postgres)),
    };

    WALKED_OF_ACTOR: EventRow = page!(walked_of_actor!(), "limit $4 offset $5");
    SORTED_OF_ACTOR: EventRow = {
        sqlite: page!(of_actor_on_alliances!(sqlite), "limit $4 offset $5"),
        postgres: page!(of_actor_on_alliances!(postgres), "limit $4 offset $5"),
    };
    LENGTH_OF_ACTOR: i64 = {
        sqlite: length!(of_actor_on_alliances!(sqlite)),
        postgres: length!(of_actor_on_alliances!(postgres)),
    };

    REFERENCES: (Uuid, String) = {
        sqlite: "select r.id, r.reference from registrations r
            where r.id in (select unhex(value) from json_each($1))",
        postgres: "select r.id, r.reference from registrations r
            where r.id in (select value::uuid from json_array_elements_text($1::json) l(value))",
    };
}

/// How many events a list is paged through at most: further back, say until when.
pub const MOST: i64 = 50_000;

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
    // Nobody walks to where no page is.
    let limit = if window.offset < MOST { window.limit } else { 0 };
    let (offset, until) = (window.offset, filter.until);
    let (actor, window) = (actor.as_deref(), Window { offset, limit });
    let (page, length) = match (registration, session, actor, within) {
        (None, None, None, None) => {
            let rows = LATEST.all(conn, (until, limit, offset)).await?;
            return found(rows, LENGTH.value(conn, [until]).await?);
        }
        (None, None, actor, Some(login)) => {
            return of_alliances(conn, (login, until), actor, window).await;
        }
        (None, None, Some(actor), None) => {
            let rows = LATEST_OF_ACTOR.all(conn, (actor, until, limit, offset)).await?;
            return found(rows, LENGTH_OF_WHOLE_ACTOR.value(conn, (actor, until)).await?);
        }
        (Some(_), ..) => (PAGE_OF_REGISTRATION, LENGTH_OF_REGISTRATION),
        (None, ..) => (PAGE_OF_SESSION, LENGTH_OF_SESSION),
    };
    let total = length.value(conn, (session, registration, actor, within, until)).await?;
    let about = (session, registration, actor, within, until, limit, offset);
    found(page.all(conn, about).await?, total)
}

/// What happened on sessions of an organiser's alliances, by anybody or by one, by whichever way reads fewer
/// events.
async fn of_alliances(
    conn: &mut Conn,
    (login, until): (&str, DateTime<Utc>),
    actor: Option<&str>,
    window: Window,
) -> Result<Found<AuditEvent>, StoreError> {
    let Window { limit, offset } = window;
    let total = match actor {
        None => LENGTH_OF_ALLIANCES.value(conn, (login, until)).await?,
        Some(actor) => LENGTH_OF_ACTOR.value(conn, (login, until, actor)).await?,
    };
    let is_walked = organisers_lists::is_walked(conn, login, window, total).await?;
    let rows = match (actor, is_walked) {
        (None, true) => WALKED_OF_ALLIANCES.all(conn, (login, until, limit, offset)).await?,
        (None, false) => SORTED_OF_ALLIANCES.all(conn, (login, until, limit, offset)).await?,
        (Some(actor), true) => {
            WALKED_OF_ACTOR.all(conn, (login, until, actor, limit, offset)).await?
        }
        (Some(actor), false) => {
            SORTED_OF_ACTOR.all(conn, (login, until, actor, limit, offset)).await?
        }
    };
    found(rows, total)
}

fn found(rows: Vec<EventRow>, total: i64) -> Result<Found<AuditEvent>, StoreError> {
    let items = rows.into_iter().map(EventRow::read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}

/// What the registrations of these events are called on the telephone, asked for all of them at once.
pub async fn references(
    conn: &mut Conn,
    events: &[AuditEvent],
) -> Result<HashMap<RegistrationId, Reference>, StoreError> {
    let ids = events.iter().filter_map(|event| event.registration);
    let ids: Vec<_> = ids.map(|id| rows::key(id.uuid())).collect();
    let mut references = HashMap::new();
    for (id, reference) in REFERENCES.all(conn, [rows::json(&ids)?.as_str()]).await? {
        let reference = parse("registrations", "reference", &id, &reference)?;
        references.insert(RegistrationId::new(id), reference);
    }
    Ok(references)
}
