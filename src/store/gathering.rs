//! News of sessions that waits for what changes next (T3).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::id::{SessionCode, StaffLogin};

statements! {
    WAITING_OF: (Uuid, String, String, String, String) =
        "select id, kind, words, sittings, said from announcements
         where session = $1 and leaves_at > $2 order by made_at, id";

    LEAVES_AT: DateTime<Utc> =
        "select leaves_at from announcements where session = $1 and leaves_at > $2
         order by leaves_at limit 1";

    LEAVES_AT_OF: Option<DateTime<Utc>> = "select leaves_at from announcements where id = $1";

    SET_LEAVES_AT = "update announcements set leaves_at = $2 where id = $1";

    FORGET_UNTOLD = "delete from announcements_untold where announcement = $1";

    FORGET = "delete from announcements where id = $1";

    DUE: Uuid = "select id from announcements where leaves_at <= $1 order by leaves_at, id";

    WAITING: (Uuid, String, String, String, DateTime<Utc>) =
        "select id, session, kind, words, leaves_at from announcements
         where leaves_at > $1 order by leaves_at, id";

    OWN_WAITING: (Uuid, String, String, String, DateTime<Utc>) =
        "select a.id, a.session, a.kind, a.words, a.leaves_at from announcements a
         where a.leaves_at > $1 and a.session in (select s.code from sessions s
             join staff_alliances l on l.alliance = s.alliance where l.login = $2)
         order by a.leaves_at, a.id";
}

/// News that waits, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingNews {
    /// Its row.
    pub id: Uuid,
    /// The session it is about.
    pub session: SessionCode,
    /// Whether it is called off.
    pub is_cancelled: bool,
    /// What changed, a line each, or why it is called off.
    pub words: Vec<String>,
    /// When its letters leave.
    pub leaves_at: DateTime<Utc>,
}

/// Changes to a session that waited to be told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Earlier {
    /// What changed, a line each.
    pub words: Vec<String>,
    /// What whoever changed it said in her own words.
    pub said: Vec<String>,
    /// The days it concerns.
    pub sittings: Vec<Uuid>,
    /// When it was to leave.
    pub leaves_at: Option<DateTime<Utc>>,
}

/// The changes to a session that wait to be told. They are taken off: whoever takes them tells of them
/// with something new.
pub async fn take(
    tx: &mut Tx,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Earlier, StoreError> {
    let leaves_at = LEAVES_AT.optional_value(tx, (session.as_str(), now)).await?;
    let mut earlier = Earlier { leaves_at, ..Earlier::default() };
    for (id, kind, words, days, said) in WAITING_OF.all(tx, (session.as_str(), now)).await? {
        if kind == "changed" {
            earlier.words.extend(words.lines().map(str::to_owned));
            earlier.said.extend(said.lines().map(str::to_owned));
            for day in days.split_whitespace() {
                earlier.sittings.push(parse("announcements", "sittings", &id, day)?);
            }
        }
        FORGET_UNTOLD.run(tx, [id]).await?;
        FORGET.run(tx, [id]).await?;
    }
    Ok(earlier)
}

/// Writes when news leaves; `None`: at once.
pub async fn set_leaves_at(
    tx: &mut Tx,
    id: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    SET_LEAVES_AT.run(tx, (id, at)).await?;
    Ok(())
}

/// When news leaves that waits or waited for what changes next.
pub async fn leaves_at_of(conn: &mut Conn, id: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(LEAVES_AT_OF.optional_value(conn, [id]).await?.flatten())
}

/// When the news of a session leaves, if any waits.
pub async fn leaves_at(
    conn: &mut Conn,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    LEAVES_AT.optional_value(conn, (session.as_str(), now)).await
}

/// The news that waited for long enough.
pub async fn due(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    DUE.values(conn, [now]).await
}

/// The news that waits; with `within`, of that organiser's alliances.
pub async fn waiting(
    conn: &mut Conn,
    now: DateTime<Utc>,
    within: Option<&StaffLogin>,
) -> Result<Vec<WaitingNews>, StoreError> {
    let rows = match within {
        Some(login) => OWN_WAITING.all(conn, (now, login.as_str())).await?,
        None => WAITING.all(conn, [now]).await?,
    };
    let read = |(id, session, kind, words, leaves_at): (Uuid, String, String, String, _)| {
        Ok(WaitingNews {
            id,
            session: parse("announcements", "session", &session, &session)?,
            is_cancelled: kind == "cancelled",
            words: words.lines().map(str::to_owned).collect(),
            leaves_at,
        })
    };
    rows.into_iter().map(read).collect()
}
