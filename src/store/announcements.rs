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

arguments! {
    struct NewAnnouncement<'a> {
        id: Uuid,
        session: &'a str,
        kind: &'a str,
        words: String,
        sittings: String,
        made_at: DateTime<Utc>,
    }
}

statements! {
    INSERT(NewAnnouncement) = "insert into announcements (:columns) values (:values)";

    INSERT_UNTOLD =
        "insert into announcements_untold (announcement, registration)
         select distinct a.id, p.registration from announcements a
         join places p on p.session = a.session join registrations r on r.id = p.registration
         where a.id = $1 and not p.superseded and r.booked_at is not null
           and p.state in ('held', 'requested', 'waiting', 'offered', 'confirmed')";

    COUNT_PEOPLE: i64 =
        "select count(*) from places
         where session = $1 and state = 'confirmed' and not superseded";

    FIND: (String, String, String, String) =
        "select session, kind, words, sittings from announcements where id = $1";

    TAKE: Uuid =
        "delete from announcements_untold where announcement = $1 and registration in
             (select u.registration from announcements_untold u where u.announcement = $1
              order by u.registration limit $2)
         returning registration";

    FORGET_TOLD =
        "delete from announcements where id = $1 and not exists
             (select 1 from announcements_untold u where u.announcement = $1)";

    LEFT_UNTOLD: (Uuid, String) =
        "select id, session from announcements where made_at <= $1 order by made_at, id";
}

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
    let new = NewAnnouncement { id, session, kind, words, sittings, made_at: now };
    INSERT.run(tx, new).await?;
    let leaders = INSERT_UNTOLD.run(tx, [id]).await?;
    let people = COUNT_PEOPLE.value(tx, [session]).await?;
    Ok(Told {
        leaders: usize::try_from(leaders).unwrap_or(usize::MAX),
        people: usize::try_from(people).unwrap_or(usize::MAX),
    })
}

/// News of a session, if somebody is still to be told.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Announcement>, StoreError> {
    let row = FIND.optional(conn, [id]).await?;
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
    let taken = TAKE.values(tx, (id, most)).await?;
    Ok(taken.into_iter().map(RegistrationId::new).collect())
}

/// Forgets news that everybody knows; `false` while somebody is still to be told.
pub async fn forget_told(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(FORGET_TOLD.run(tx, [id]).await? == 1)
}

/// News from before `moment` that somebody is still to be told, with its session, oldest first.
pub async fn left_untold(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<Vec<(Uuid, SessionCode)>, StoreError> {
    let rows = LEFT_UNTOLD.all(conn, [moment]).await?;
    rows.into_iter().map(|(id, code)| Ok((id, parse(TABLE, "session", &id, &code)?))).collect()
}
