//! Places that are kept for groups: each a row, and with each change of a place what is left of them, written into
//! the session's own row.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, applications,
    codec::{column, count, parse},
    rows,
    session_lock::Locked,
};
use crate::domain::{
    id::{InstitutionCode, ReserveId, SessionCode, StaffLogin},
    institution::InstitutionKind,
    reserve::{Belongs, Group, Reserve, Seating},
    session::Session,
};

const TABLE: &str = "reserves";

row! {
    struct ReserveRow {
        id: Uuid,
        for_group: String,
        places: i32,
        until: DateTime<Utc>,
        name: Option<String>,
    }
}

arguments! {
    struct NewReserve<'a> {
        id: Uuid,
        session: &'a str,
        for_group: String,
        places: i32,
        until: DateTime<Utc>,
        made_by: &'a str,
        made_at: DateTime<Utc>,
    }
}

statements! {
    OF_SESSION: ReserveRow =
        "select v.id, v.for_group, v.places, v.until, coalesce(i.name, a.name) as name
         from reserves v
         left join institutions i on v.for_group = 'institution:' || i.code
         left join alliances a on v.for_group = 'alliance:' || a.slug
         where v.session = $1 and v.released_at is null order by v.until, v.id",
        reads_all: "institutions and alliances are few, and few sessions keep places";

    TAKEN: (String, String, String, i64) =
        "select i.code, i.alliance, i.kind, count(*)
         from places p join registrations r on r.id = p.registration
         join institutions i on i.code = r.institution
         where p.session = $1 and p.state in ('held', 'offered', 'confirmed')
         group by i.code, i.alliance, i.kind";

    BELONGS: (String, String, String) = {
        sqlite: "select code, alliance, kind from institutions
            where code in (select value from json_each($1))",
        postgres: "select code, alliance, kind from institutions
            where code in (select json_array_elements_text($1::json))",
    };

    FREE: (i32, i32) = "select capacity, occupied + promised from sessions where code = $1";

    SET_KEPT =
        "update sessions set kept_for = $2, seen_version = seen_version + 1
         where code = $1 and kept_for <> $2";

    INSERT(NewReserve) = "insert into reserves (:columns) values (:values)";

    RELEASE = "update reserves set released_at = $3
         where session = $1 and id = $2 and released_at is null";

    TO_RELEASE: Uuid =
        "select id from reserves where session = $1 and until <= $2 and released_at is null";

    SESSIONS_TO_RELEASE: String =
        "select session from reserves where until <= $1 and released_at is null";
}

/// What is written into the row of a session.
#[derive(Serialize, Deserialize)]
struct KeptFor {
    id: String,
    group: String,
    name: String,
    places: u32,
    unused: u32,
    until: DateTime<Utc>,
}

/// What a session's row says is kept.
pub(super) fn stored(session: &str, text: &str) -> Result<Vec<Reserve>, StoreError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let corrupt =
        || StoreError::Corrupt { table: "sessions", column: "kept_for", row: session.to_owned() };
    let all: Vec<KeptFor> = serde_json::from_str(text).map_err(|_| corrupt())?;
    let read = |one: KeptFor| {
        Ok(Reserve {
            id: one.id.parse().map_err(|_| corrupt())?,
            group: one.group.parse().map_err(|_| corrupt())?,
            name: one.name,
            places: one.places,
            unused: one.unused,
            until: one.until,
        })
    };
    all.into_iter().map(read).collect()
}

fn name(group: &Group, name: Option<String>) -> String {
    match group {
        Group::Kind(kind) => kind.people().to_owned(),
        Group::Institution(_) | Group::Alliance(_) => name.unwrap_or_default(),
    }
}

async fn of_session(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Reserve>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    let read = |row: ReserveRow| {
        let group = parse(TABLE, "for_group", &row.id, &row.for_group)?;
        Ok(Reserve {
            id: ReserveId::new(row.id),
            name: name(&group, row.name),
            group,
            places: count(row.places),
            unused: 0,
            until: row.until,
        })
    };
    rows.into_iter().map(read).collect()
}

fn belongs((code, alliance, kind): (&str, &str, &str)) -> Result<Belongs, StoreError> {
    let kind: InstitutionKind = parse("institutions", "kind", &code, kind)?;
    Ok(Belongs {
        institution: parse("institutions", "code", &code, code)?,
        alliance: parse("institutions", "alliance", &code, alliance)?,
        kind,
    })
}

async fn taken(conn: &mut Conn, session: &SessionCode) -> Result<Vec<(Belongs, u32)>, StoreError> {
    let rows = TAKEN.all(conn, [session.as_str()]).await?;
    let read = |(code, alliance, kind, places): &(String, String, String, i64)| {
        Ok((belongs((code, alliance, kind))?, u32::try_from(*places).unwrap_or(u32::MAX)))
    };
    rows.iter().map(read).collect()
}

/// Who may sit down on a session, among these institutions. Where nothing is kept this reads nothing.
pub async fn seating(
    conn: &mut Conn,
    session: &Session,
    asking: impl IntoIterator<Item = &InstitutionCode>,
) -> Result<Seating, StoreError> {
    let free = session.occupancy.free();
    if session.reserves.is_empty() {
        return Ok(Seating::from(free));
    }
    let codes: Vec<_> = asking.into_iter().map(InstitutionCode::as_str).collect();
    let known = BELONGS.all(conn, [rows::json(&codes)?]).await?;
    let known = known.iter().map(|(code, alliance, kind)| belongs((code, alliance, kind)));
    let known = known.collect::<Result<Vec<_>, _>>()?;
    Ok(Seating::new(free, &session.reserves, taken(conn, &session.code).await?, known))
}

/// Counts anew what is left of the places a session keeps, where it keeps any: after each change of a place.
pub(super) async fn recount(locked: &mut Locked<'_>) -> Result<(), StoreError> {
    applications::recount(locked).await?;
    if locked.keeps_places() { count_kept(locked).await } else { Ok(()) }
}

/// The same whether it is known to keep any or not.
pub async fn count_kept(locked: &mut Locked<'_>) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let mut reserves = of_session(locked, &session).await?;
    let row = FREE.optional(locked, [session.as_str()]).await?;
    let free = row.map_or(0, |(capacity, occupied)| count(capacity - occupied));
    let seating = Seating::new(free, &reserves, taken(locked, &session).await?, []);
    // In the order of the groups, and of one group's in that of time: as they were given.
    reserves.sort_by(|one, other| (&one.group, one.places).cmp(&(&other.group, other.places)));
    let kept = reserves.iter().zip(seating.unused()).map(|(one, (_, unused))| KeptFor {
        id: one.id.to_string(),
        group: one.group.to_string(),
        name: one.name.clone(),
        places: one.places,
        unused,
        until: one.until,
    });
    let kept: Vec<_> = kept.collect();
    let text = if kept.is_empty() { String::new() } else { rows::json(&kept)? };
    locked.now_keeps_places(!kept.is_empty());
    SET_KEPT.run(locked, (session.as_str(), text.as_str())).await?;
    Ok(())
}

/// Keeps places for a group.
pub async fn insert(
    locked: &mut Locked<'_>,
    reserve: &Reserve,
    by: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let new = NewReserve {
        id: reserve.id.uuid(),
        session: session.as_str(),
        for_group: reserve.group.to_string(),
        places: column(reserve.places),
        until: reserve.until,
        made_by: by.as_str(),
        made_at: now,
    };
    INSERT.run(locked, new).await?;
    count_kept(locked).await
}

/// Releases what is kept; `false` if it was released already.
pub async fn release(
    locked: &mut Locked<'_>,
    id: ReserveId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let session = locked.session().clone();
    let released = RELEASE.run(locked, (session.as_str(), id.uuid(), now)).await? == 1;
    count_kept(locked).await?;
    Ok(released)
}

/// What is to be released on a session at `now`.
pub async fn to_release(
    tx: &mut Tx,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Vec<ReserveId>, StoreError> {
    let ids = TO_RELEASE.values(tx, (session.as_str(), now)).await?;
    Ok(ids.into_iter().map(ReserveId::new).collect())
}

/// The sessions on which something is to be released at `now`.
pub async fn sessions_to_release(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<SessionCode>, StoreError> {
    let mut codes = SESSIONS_TO_RELEASE.values(conn, [now]).await?;
    codes.sort();
    codes.dedup();
    codes.iter().map(|code| parse(TABLE, "session", code, code)).collect()
}
