//! What was said of the things on the overview.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx, codec::parse, rows};
use crate::domain::{
    id::{AllianceSlug, StaffLogin},
    text::Paragraph,
    thing::{MarkState, ThingKey, ThingMark},
};

const TABLE: &str = "overview_marks";

row! {
    struct MarkRow {
        thing: String,
        fact: i64,
        state: String,
        snoozed_until: Option<DateTime<Utc>>,
        assignee: Option<String>,
        note: Option<String>,
        marked_by: String,
        marked_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewMark<'a> {
        thing: String,
        fact: i64,
        state: &'a str,
        snoozed_until: Option<DateTime<Utc>>,
        assignee: Option<&'a str>,
        note: Option<&'a str>,
        marked_by: &'a str,
        marked_at: DateTime<Utc>,
    }
}

statements! {
    FIND_ALL: MarkRow = {
        sqlite: "select * from overview_marks where thing in (select value from json_each($1))",
        postgres: "select * from overview_marks
            where thing in (select json_array_elements_text($1::json))",
    };

    SET(NewMark) = "insert into overview_marks (:columns) values (:values)
         on conflict (thing) do update set fact = excluded.fact, state = excluded.state,
             snoozed_until = excluded.snoozed_until, assignee = excluded.assignee,
             note = excluded.note, marked_by = excluded.marked_by, marked_at = excluded.marked_at";

    /// Whoever may look after things of an alliance.
    COLLEAGUES: (String, String) =
        "select s.login, s.name from staff s
         where s.disabled_at is null and (s.role = 'admin' or (s.role = 'organiser'
             and exists (select 1 from staff_alliances a where a.login = s.login and a.alliance = $1)))
         order by s.sort_key, s.login";

    /// Whoever may look after what belongs to no alliance.
    OFFICE: (String, String) =
        "select login, name from staff where disabled_at is null and role = 'admin'
         order by sort_key, login";

    EVERYBODY: (String, String) =
        "select login, name from staff where role <> 'trainer' order by login";

    FORGET_NAME =
        "update overview_marks set note = replace(note, $1, 'Name removed')
         where note like '%' || $1 || '%'",
        reads_all: "somebody asks to be erased, which is seldom";

    FORGET = "delete from overview_marks where marked_at <= $1";
}

/// What was said of these things.
pub async fn find_all(
    conn: &mut Conn,
    things: &[ThingKey],
) -> Result<HashMap<ThingKey, ThingMark>, StoreError> {
    if things.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = rows::json(&things.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let rows = FIND_ALL.all(conn, [keys]).await?;
    rows.into_iter().map(MarkRow::read).collect()
}

impl MarkRow {
    fn read(self) -> Result<(ThingKey, ThingMark), StoreError> {
        let key = &self.thing;
        let assignee = self.assignee.as_deref();
        let mark = ThingMark {
            fact: self.fact,
            state: match (self.state.as_str(), self.snoozed_until) {
                ("done", _) => MarkState::Done,
                ("snoozed", Some(until)) => MarkState::Snoozed(until),
                _ => MarkState::Open,
            },
            assignee: assignee.map(|login| parse(TABLE, "assignee", key, login)).transpose()?,
            note: self.note.as_deref().and_then(Paragraph::stored),
            by: parse(TABLE, "marked_by", key, &self.marked_by)?,
            at: self.marked_at,
        };
        Ok((parse(TABLE, "thing", key, key)?, mark))
    }
}

/// Writes what is said of a thing.
pub async fn set(tx: &mut Tx, thing: &ThingKey, mark: &ThingMark) -> Result<(), StoreError> {
    let (state, snoozed_until) = match mark.state {
        MarkState::Open => ("open", None),
        MarkState::Done => ("done", None),
        MarkState::Snoozed(until) => ("snoozed", Some(until)),
    };
    let new = NewMark {
        thing: thing.to_string(),
        fact: mark.fact,
        state,
        snoozed_until,
        assignee: mark.assignee.as_ref().map(StaffLogin::as_str),
        note: mark.note.as_ref().map(Paragraph::as_str),
        marked_by: mark.by.as_str(),
        marked_at: mark.at,
    };
    SET.run(tx, new).await?;
    Ok(())
}

/// Whoever may look after things of an alliance, or of none: login and name, by name.
pub async fn colleagues(
    conn: &mut Conn,
    alliance: Option<&AllianceSlug>,
) -> Result<Vec<(String, String)>, StoreError> {
    match alliance {
        Some(slug) => COLLEAGUES.all(conn, [slug.as_str()]).await,
        None => OFFICE.all(conn, ()).await,
    }
}

/// The names of all who may have said anything, by login.
pub async fn everybody(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    EVERYBODY.all(conn, ()).await
}

/// Takes the names of somebody who is erased out of what was written.
pub async fn forget_names(tx: &mut Tx, names: &[String]) -> Result<(), StoreError> {
    for name in names {
        FORGET_NAME.run(tx, [name.as_str()]).await?;
    }
    Ok(())
}

/// Forgets what was said before a moment; how many lines that were.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [before]).await
}
