//! Requests for help across sessions, as the office lists them, and one person's as they are handed out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    Conn, Found, StoreError, Window,
    codec::parse,
    help_requests::{self, HelpRow, HelpSeen},
    own_data::at,
};
use crate::domain::{
    help_request::{HelpKind, HelpRequest, HelpState},
    id::{AllianceSlug, PersonId, SessionCode, StaffLogin},
    own_data::{Record, record},
    support::pounds,
    text::Name,
};

/// Whether it is still to be decided: her place and the session are there.
macro_rules! open {
    () => {
        "h.state in ('asked', 'later') and not p.superseded
         and p.state in ('requested', 'waiting', 'offered', 'confirmed') and s.publication = 'published'"
    };
}

/// What a list is narrowed to, and of which alliances.
macro_rules! narrowed {
    ($which:expr) => {
        concat!(
            " from help_requests h join places p on p.id = h.place
                 join registrations r on r.id = p.registration join sessions s on s.code = h.session
             where ",
            $which,
            " and (h.kind = $1 or $1 is null) and (h.state = $2 or $2 is null)
              and (s.alliance = $3 or $3 is null)
              and (s.alliance in (select a.alliance from staff_alliances a where a.login = $4) or $4 is null)"
        )
    };
}

macro_rules! listed {
    ($which:expr, $order:literal) => {
        concat!(
            "select h.*, p.number, p.state as place_state, p.superseded, p.name, p.registration, r.reference,
                 r.leader_name",
            narrowed!($which),
            " order by ",
            $order,
            " limit $5 offset $6"
        )
    };
}

macro_rules! counted {
    ($which:expr) => {
        concat!("select count(*) from (select h.id", narrowed!($which), " limit 100000) c")
    };
}

statements! {
    /// Whoever asked longest comes first.
    OPEN: HelpRow = listed!(open!(), "h.asked_at, h.id");

    /// What is decided or closed, the latest first.
    REST: HelpRow = listed!(concat!("not (", open!(), ")"), "h.changed_at desc, h.id"),
        reads_all: "walks an index in the order of the list, until the page is full";

    /// How many wait on each session that is not over at `$1`, when one of them was changed last, and how many come
    /// only if they are helped.
    WAITING: (String, i64, DateTime<Utc>, i64) = concat!(
        "select h.session, count(*), max(h.changed_at), sum(case when h.depends then 1 else 0 end)
         from help_requests h join places p on p.id = h.place join sessions s on s.code = h.session
         where ", open!(), " and h.session in (select t.session from sittings t where t.ends_at > $1)
         group by h.session");

    COUNT_OPEN: i64 = counted!(open!());

    COUNT_REST: i64 = counted!(concat!("not (", open!(), ")")),
        reads_all: "counts what was ever asked for: few of those who come ask for help";

    HERS: HelpRow =
        "select h.*, q.number, q.state as place_state, q.superseded, q.name, q.registration,
             r.reference, r.leader_name
         from places q join help_requests h on h.place = q.id join registrations r on r.id = q.registration
         where q.person = $1 order by h.asked_at, h.id";
}

/// What a list of requests is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrowed<'a> {
    /// With what.
    pub kind: Option<HelpKind>,
    /// Where it stands.
    pub state: Option<HelpState>,
    /// Of which alliance.
    pub alliance: Option<&'a AllianceSlug>,
    /// Only those of the alliances of this account.
    pub within: Option<&'a StaffLogin>,
}

/// A page of the requests of all sessions, and how many there are: first what is to be decided.
pub async fn list(
    conn: &mut Conn,
    narrowed: &Narrowed<'_>,
    window: Window,
) -> Result<Found<HelpSeen>, StoreError> {
    let kind = narrowed.kind.map(HelpKind::as_str);
    let state = narrowed.state.map(HelpState::as_str);
    let alliance = narrowed.alliance.map(AllianceSlug::as_str);
    let within = narrowed.within.map(StaffLogin::as_str);
    let open = COUNT_OPEN.value(conn, (kind, state, alliance, within)).await?;
    let rest = COUNT_REST.value(conn, (kind, state, alliance, within)).await?;
    let Window { offset, limit } = window;
    let of = (kind, state, alliance, within, limit, offset);
    let mut rows = if offset < open { OPEN.all(conn, of).await? } else { Vec::new() };
    let found = i64::try_from(rows.len()).unwrap_or(limit);
    if found < limit {
        let of = (kind, state, alliance, within, limit - found, (offset - open).max(0));
        rows.extend(REST.all(conn, of).await?);
    }
    Ok(Found { items: help_requests::read(rows)?, total: open + rest })
}

/// Those who wait for a decision on a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many requests.
    pub count: u32,
    /// When one of them was changed last.
    pub last: DateTime<Utc>,
    /// How many come only if they are helped.
    pub depend: u32,
}

/// Who waits for a decision on sessions that are not over at `moment`.
pub async fn waiting(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, Waiting>, StoreError> {
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let rows = WAITING.all(conn, [moment]).await?.into_iter();
    let read = |(code, count, last, depend): (String, i64, DateTime<Utc>, i64)| {
        let waiting = Waiting { count: small(count), last, depend: small(depend) };
        Ok((parse("help_requests", "session", &code, &code)?, waiting))
    };
    rows.map(read).collect()
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let pounds = |pence: Option<u32>| pence.map(|pence| pounds(pence.into()));
    let read = |seen: HelpSeen| {
        let HelpRequest { wanted, granted, reason, paid, state, .. } = seen.request;
        let line = |text: Option<Name>| text.map(|text| text.to_string());
        record(vec![
            ("booking", Some(seen.reference.to_string())),
            ("session", Some(seen.request.session.to_string())),
            ("kind", Some(wanted.kind.to_string())),
            ("asked", pounds(wanted.amount)),
            ("children", wanted.children.map(|count| count.to_string())),
            ("ages", line(wanted.ages)),
            ("hours", line(wanted.hours)),
            ("language", line(wanted.language)),
            ("from", line(wanted.from)),
            ("how", line(wanted.how)),
            ("why", wanted.why.map(|why| why.as_str().to_owned())),
            ("only_if_granted", wanted.depends.then(|| "yes".to_owned())),
            ("state", Some(state.to_string())),
            ("granted", pounds(granted.amount)),
            ("by_whom", line(granted.by_whom)),
            ("reason", reason.map(|reason| reason.as_str().to_owned())),
            ("paid_on", paid.as_ref().map(|paid| paid.on.to_string())),
            ("paid_how", paid.and_then(|paid| line(paid.how))),
            ("asked_at", at(seen.request.asked_at)),
        ])
    };
    let rows = HERS.all(conn, [id.uuid()]).await?;
    Ok(help_requests::read(rows)?.into_iter().map(read).collect())
}
