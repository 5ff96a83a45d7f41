//! The stamps of days in feeds.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    rows,
};
use crate::domain::{
    id::{SessionCode, SittingId},
    stamp::Stamped,
};

row! {
    struct StampRow {
        id: Uuid,
        sequence: i32,
        changed_at: DateTime<Utc>,
        rendered: Option<String>,
    }
}

statements! {
    OF_SESSION: StampRow =
        "select id, sequence, changed_at, rendered from sittings where session = $1
         union all
         select id, sequence, changed_at, rendered from removed_days where session = $1";

    WRITE_STANDING = {
        sqlite: "update sittings set sequence = n.sequence, changed_at = n.changed_at,
                rendered = n.rendered
            from (select unhex(value ->> 'id') as id, value ->> 'sequence' as sequence,
                    value ->> 'changed_at' as changed_at, value ->> 'rendered' as rendered
                  from json_each($1)) n
            where sittings.id = n.id",
        postgres: "update sittings set sequence = n.sequence, changed_at = n.changed_at,
                rendered = n.rendered
            from json_to_recordset($1::json) as n(id uuid, sequence integer,
                changed_at timestamptz, rendered text)
            where sittings.id = n.id",
    };

    WRITE_REMOVED = {
        sqlite: "update removed_days set sequence = n.sequence, changed_at = n.changed_at,
                rendered = n.rendered
            from (select unhex(value ->> 'id') as id, value ->> 'sequence' as sequence,
                    value ->> 'changed_at' as changed_at, value ->> 'rendered' as rendered
                  from json_each($1)) n
            where removed_days.id = n.id",
        postgres: "update removed_days set sequence = n.sequence, changed_at = n.changed_at,
                rendered = n.rendered
            from json_to_recordset($1::json) as n(id uuid, sequence integer,
                changed_at timestamptz, rendered text)
            where removed_days.id = n.id",
    };

    /// Of sessions that are not over at a moment.
    HEADS: (String, i32, Option<DateTime<Utc>>) =
        "select code, heads, heads_at from sessions
         where code in (select session from sittings where ends_at > $1)";
}

/// The stamps of a session's days, those taken off included.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<SittingId, Stamped>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    let read = |row: StampRow| {
        let sitting = SittingId::new(row.id);
        let (sequence, changed_at, rendered) = (count(row.sequence), row.changed_at, row.rendered);
        (sitting, Stamped { sitting, sequence, changed_at, rendered })
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Stamps, with the columns of a row.
#[derive(Serialize)]
struct StampColumns<'a> {
    id: String,
    sequence: i32,
    changed_at: String,
    rendered: Option<&'a str>,
}

/// Writes stamps.
pub async fn write(tx: &mut Tx, stamps: &[Stamped]) -> Result<(), StoreError> {
    if stamps.is_empty() {
        return Ok(());
    }
    let columns = stamps.iter().map(|one| StampColumns {
        id: rows::key(one.sitting.uuid()),
        sequence: column(one.sequence),
        changed_at: rows::moment(one.changed_at),
        rendered: one.rendered.as_deref(),
    });
    let stamps = rows::json(&columns.collect::<Vec<_>>())?;
    WRITE_STANDING.run(tx, [stamps.as_str()]).await?;
    WRITE_REMOVED.run(tx, [stamps.as_str()]).await?;
    Ok(())
}

/// How often, and when last, the head count changed of the sessions that are not over at `moment`.
pub async fn heads(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, (u32, Option<DateTime<Utc>>)>, StoreError> {
    let rows = HEADS.all(conn, [moment]).await?;
    rows.into_iter()
        .map(|(code, heads, at)| Ok((parse("sessions", "code", &code, &code)?, (count(heads), at))))
        .collect()
}
