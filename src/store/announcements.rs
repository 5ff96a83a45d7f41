//! What people of a session are still to be told: written with the change, deleted with the letters.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    announcement::{Announcement, News, Told},
    id::{RegistrationId, SessionCode, SittingId},
    text::Paragraph,
};

const TABLE: &str = "announcements";

/// Writes news of a session down, with everybody who is to be told: the bookings with a place that
/// is still open. How many those are.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    announcement: &Announcement,
    now: DateTime<Utc>,
) -> Result<Told, StoreError> {
    let (kind, words, sittings) = match &announcement.news {
        News::Changed { sittings, words } => {
            let sittings: Vec<String> = sittings.iter().map(ToString::to_string).collect();
            ("changed", words.join("\n"), sittings.join(" "))
        }
        News::Cancelled { reason } => {
            let reason = reason.as_ref().map_or("", Paragraph::as_str);
            ("cancelled", reason.to_owned(), String::new())
        }
    };
    let session = announcement.session.as_str();
    let text = "insert into announcements (id, session, kind, words, sittings, made_at)
                values ($1, $2, $3, $4, $5, $6)";
    run!(exec, tx, text, id, session, kind, words, sittings, now)?;
    let leaders = run!(
        exec,
        tx,
        "insert into announcements_untold (announcement, registration)
         select distinct $1, p.registration
         from places p join registrations r on r.id = p.registration
         where p.session = $2 and not p.superseded and r.booked_at is not null
           and p.state in ('held', 'requested', 'waiting', 'offered', 'confirmed')",
        id,
        session,
    )?;
    let people = run!(
        value i64, tx,
        "select count(*) from places
         where session = $1 and state = 'confirmed' and not superseded",
        session,
    )?;
    Ok(Told {
        leaders: usize::try_from(leaders).unwrap_or(usize::MAX),
        people: usize::try_from(people).unwrap_or(usize::MAX),
    })
}

/// News of a session, if somebody is still to be told.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Announcement>, StoreError> {
    let text = "select session, kind, words, sittings from announcements where id = $1";
    let row = run!(opt(String, String, String, String), conn, text, id)?;
    let Some((session, kind, words, sittings)) = row else { return Ok(None) };
    let news = if kind == "cancelled" {
        let reason = Paragraph::parse_optional(&words).map_err(|_| StoreError::Corrupt {
            table: TABLE,
            column: "words",
            row: id.to_string(),
        })?;
        News::Cancelled { reason }
    } else {
        let read = |text| parse(TABLE, "sittings", &id, text).map(SittingId::new);
        News::Changed {
            sittings: sittings.split_whitespace().map(read).collect::<Result<_, _>>()?,
            words: words.lines().map(str::to_owned).collect(),
        }
    };
    Ok(Some(Announcement { session: parse(TABLE, "session", &id, &session)?, news }))
}

/// Takes at most `most` bookings that are still to be told off the list: who tells them is this
/// transaction, and nobody else.
pub async fn take(tx: &mut Tx, id: Uuid, most: i64) -> Result<Vec<RegistrationId>, StoreError> {
    let taken = run!(
        values Uuid, tx,
        "delete from announcements_untold where announcement = $1 and registration in
             (select u.registration from announcements_untold u where u.announcement = $1
              order by u.registration limit $2)
         returning registration",
        id, most,
    )?;
    Ok(taken.into_iter().map(RegistrationId::new).collect())
}

/// Forgets news that everybody knows; `false` while somebody is still to be told.
pub async fn forget_told(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    let text = "delete from announcements where id = $1 and not exists
                    (select 1 from announcements_untold u where u.announcement = $1)";
    Ok(run!(exec, tx, text, id)? == 1)
}

/// News from before `moment` that somebody is still to be told, with its session, oldest first.
pub async fn left_untold(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<Vec<(Uuid, SessionCode)>, StoreError> {
    let text = "select id, session from announcements where made_at <= $1 order by made_at, id";
    let rows = run!(all(Uuid, String), conn, text, moment)?;
    rows.into_iter().map(|(id, code)| Ok((id, parse(TABLE, "session", &id, &code)?))).collect()
}
