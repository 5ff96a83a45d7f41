//! What is arranged for sessions: an interpreter, word to the kitchen, and whatever an organiser added.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    id::{PersonId, SessionCode, StaffLogin, SupportId},
    support::{SupportKind, SupportState},
    text::{Name, Paragraph},
};

const TABLE: &str = "supports";

/// Something that is arranged for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Which.
    pub id: SupportId,
    /// For which session.
    pub session: SessionCode,
    /// Of what kind.
    pub kind: SupportKind,
    /// What an organiser called it; empty for what follows from needs.
    pub title: String,
    /// How far it is.
    pub state: SupportState,
    /// For how many people it was arranged.
    pub people: u32,
    /// Who does it.
    pub by_whom: Option<Name>,
    /// What it costs, in pence.
    pub cost: Option<u32>,
    /// What to know about it.
    pub note: Option<Paragraph>,
    /// Who changed it last.
    pub changed_by: StaffLogin,
    /// When.
    pub changed_at: DateTime<Utc>,
}

row! {
    struct SupportRow {
        id: Uuid,
        session: String,
        kind: String,
        title: String,
        state: String,
        people: i32,
        by_whom: Option<String>,
        cost_pence: Option<i32>,
        note: Option<String>,
        changed_by: String,
        changed_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewSupport<'a> {
        id: Uuid,
        session: &'a str,
        kind: &'a str,
        title: &'a str,
        state: &'a str,
        people: i32,
        by_whom: Option<&'a str>,
        cost_pence: Option<i32>,
        note: Option<&'a str>,
        changed_by: &'a str,
        changed_at: DateTime<Utc>,
    }
}

statements! {
    OF_SESSION: SupportRow = "select * from supports where session = $1 order by kind, id";

    TO_COME: SupportRow =
        "select u.* from supports u
         where u.session in (select t.session from sittings t where t.starts_at > $1)
         order by u.session, u.kind, u.id";

    /// Those of sessions whose first day begins between two moments.
    BETWEEN: SupportRow =
        "select u.* from sittings t join supports u on u.session = t.session
         where t.number = 1 and t.starts_at >= $1 and t.starts_at < $2
         order by t.starts_at, u.session, u.kind, u.id";

    /// How many people who come ticked an interpreter, and an allergy.
    NEEDED: (String, i64, i64) =
        "select p.session, sum(case when p.interpreter then 1 else 0 end),
             sum(case when p.allergy then 1 else 0 end)
         from places p
         where p.state = 'confirmed' and (p.interpreter or p.allergy) and not p.superseded
           and p.session in (select t.session from sittings t where t.starts_at > $1)
         group by p.session";

    NEEDED_ON: (i64, i64) =
        "select coalesce(sum(case when p.interpreter then 1 else 0 end), 0),
             coalesce(sum(case when p.allergy then 1 else 0 end), 0)
         from places p
         where p.state = 'confirmed' and not p.superseded and p.session = $1";

    /// How many more were granted an interpreter who did not tick that they need one.
    HELPED: (String, i64) =
        "select h.session, count(*) from help_requests h join places p on p.id = h.place
         where h.kind = 'interpreter' and h.state = 'granted' and not p.interpreter
           and p.state = 'confirmed' and not p.superseded
           and h.session in (select t.session from sittings t where t.starts_at > $1)
         group by h.session";

    HELPED_ON: i64 =
        "select count(*) from help_requests h join places p on p.id = h.place
         where h.session = $1 and h.kind = 'interpreter' and h.state = 'granted' and not p.interpreter
           and p.state = 'confirmed' and not p.superseded";

    SET(NewSupport) = "insert into supports (:columns) values (:values)
         on conflict (id) do update set title = excluded.title, state = excluded.state,
             people = excluded.people, by_whom = excluded.by_whom,
             cost_pence = excluded.cost_pence, note = excluded.note,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at";

    /// What was written beside needs of hers names her, as far as anybody can tell.
    FORGET_WORDS =
        "update supports set note = null where note is not null and kind <> 'other'
           and session in (select p.session from places p where p.person = $1)",
        reads_all: "somebody asks to be erased, which is seldom";

    FORGET_NAME =
        "update supports set title = replace(title, $2, 'Name removed'),
             by_whom = replace(by_whom, $2, 'Name removed'), note = replace(note, $2, 'Name removed')
         where session in (select p.session from places p where p.person = $1)";
}

impl SupportRow {
    fn read(self) -> Result<Support, StoreError> {
        Ok(Support {
            id: SupportId::new(self.id),
            session: parse(TABLE, "session", &self.id, &self.session)?,
            kind: parse(TABLE, "kind", &self.id, &self.kind)?,
            state: parse(TABLE, "state", &self.id, &self.state)?,
            title: self.title,
            people: count(self.people),
            by_whom: self.by_whom.as_deref().map(Name::stored),
            cost: self.cost_pence.map(count),
            note: self.note.as_deref().and_then(Paragraph::stored),
            changed_by: parse(TABLE, "changed_by", &self.id, &self.changed_by)?,
            changed_at: self.changed_at,
        })
    }
}

fn read(rows: Vec<SupportRow>) -> Result<Vec<Support>, StoreError> {
    rows.into_iter().map(SupportRow::read).collect()
}

/// What is arranged for a session.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Support>, StoreError> {
    read(OF_SESSION.all(conn, [session.as_str()]).await?)
}

/// What is arranged for sessions with a day that starts after `moment`.
pub async fn to_come(conn: &mut Conn, moment: DateTime<Utc>) -> Result<Vec<Support>, StoreError> {
    read(TO_COME.all(conn, [moment]).await?)
}

/// What is arranged for sessions that begin between two moments, in order of time.
pub async fn between(
    conn: &mut Conn,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Support>, StoreError> {
    read(BETWEEN.all(conn, (from, to)).await?)
}

/// How many people who come need what, by what they ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SupportNeeded {
    /// An interpreter.
    pub interpreter: u32,
    /// Care in the kitchen.
    pub kitchen: u32,
}

impl SupportNeeded {
    fn of(interpreter: i64, kitchen: i64) -> Self {
        let small = |number: i64| u32::try_from(number).unwrap_or(0);
        Self { interpreter: small(interpreter), kitchen: small(kitchen) }
    }

    /// How many need supports of a kind.
    pub fn of_kind(self, kind: SupportKind) -> u32 {
        match kind {
            SupportKind::Interpreter => self.interpreter,
            SupportKind::Kitchen => self.kitchen,
            SupportKind::Other => 0,
        }
    }
}

/// How many people who come to each session that starts after `moment` need what: as they ticked it, or as it was
/// granted to them.
pub async fn needed(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, SupportNeeded>, StoreError> {
    let mut needed: HashMap<SessionCode, SupportNeeded> = HashMap::new();
    for (code, interpreter, kitchen) in NEEDED.all(conn, [moment]).await? {
        needed.insert(
            parse("places", "session", &code, &code)?,
            SupportNeeded::of(interpreter, kitchen),
        );
    }
    for (code, helped) in HELPED.all(conn, [moment]).await? {
        let of = needed.entry(parse("help_requests", "session", &code, &code)?).or_default();
        of.interpreter += SupportNeeded::of(helped, 0).interpreter;
    }
    Ok(needed)
}

/// How many people who come to a session need what.
pub async fn needed_on(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<SupportNeeded, StoreError> {
    let (interpreter, kitchen) = NEEDED_ON.one(conn, [session.as_str()]).await?;
    let helped = HELPED_ON.value(conn, [session.as_str()]).await?;
    Ok(SupportNeeded::of(interpreter + helped, kitchen))
}

/// Writes a support, new or known.
pub async fn set(tx: &mut Tx, support: &Support) -> Result<(), StoreError> {
    let new = NewSupport {
        id: support.id.uuid(),
        session: support.session.as_str(),
        kind: support.kind.as_str(),
        title: &support.title,
        state: support.state.as_str(),
        people: column(support.people),
        by_whom: support.by_whom.as_ref().map(Name::as_str),
        cost_pence: support.cost.map(column),
        note: support.note.as_ref().map(Paragraph::as_str),
        changed_by: support.changed_by.as_str(),
        changed_at: support.changed_at,
    };
    SET.run(tx, new).await?;
    Ok(())
}

/// Takes away what names somebody who is erased: her names wherever they stand on sessions of hers, and
/// whatever was written beside needs.
pub async fn forget_person(tx: &mut Tx, id: PersonId, names: &[String]) -> Result<(), StoreError> {
    FORGET_WORDS.run(tx, [id.uuid()]).await?;
    for name in names {
        FORGET_NAME.run(tx, (id.uuid(), name.as_str())).await?;
    }
    Ok(())
}
