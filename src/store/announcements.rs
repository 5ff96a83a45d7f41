//! What people of a session are still to be told: written with the change, deleted with the letters.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    announcement::{Announcement, News},
    id::{RegistrationId, SessionCode, SittingId},
    text::Paragraph,
};

const TABLE: &str = "announcements";

row! {
    struct AnnouncementRow {
        session: String,
        kind: String,
        words: String,
        sittings: String,
        to_leaders: bool,
        said: String,
    }
}

arguments! {
    struct NewAnnouncement<'a> {
        id: Uuid,
        session: &'a str,
        kind: &'a str,
        words: String,
        sittings: String,
        made_at: DateTime<Utc>,
        to_leaders: bool,
        said: String,
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

    FIND: AnnouncementRow =
        "select session, kind, words, sittings, to_leaders, said from announcements where id = $1";

    UNTOLD: Uuid =
        "select registration from announcements_untold where announcement = $1
         order by registration limit $2";

    TAKE: Uuid =
        "delete from announcements_untold where announcement = $1 and registration in
             (select u.registration from announcements_untold u where u.announcement = $1
              order by u.registration limit $2)
         returning registration";

    FORGET_TOLD =
        "delete from announcements where id = $1 and not exists
             (select 1 from announcements_untold u where u.announcement = $1)";

    WAITS_FOR_LEADERS: i64 =
        "select count(*) from announcements where session = $1 and to_leaders";
    BEING_TOLD: Uuid =
        "select u.registration from announcements_untold u
         join registrations r on r.id = u.registration where r.session = $1";
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
) -> Result<usize, StoreError> {
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
    let (made_at, to_leaders) = (now, announcement.to_leaders);
    let said = announcement.said.join("\n");
    let new = NewAnnouncement { id, session, kind, words, sittings, made_at, to_leaders, said };
    INSERT.run(tx, new).await?;
    let bookings = INSERT_UNTOLD.run(tx, [id]).await?;
    Ok(usize::try_from(bookings).unwrap_or(usize::MAX))
}

/// News of a session, if somebody is still to be told.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Announcement>, StoreError> {
    let row = FIND.optional(conn, [id]).await?;
    let Some(row) = row else { return Ok(None) };
    let AnnouncementRow { session, kind, words, sittings, to_leaders, said } = row;
    let news = if kind == "cancelled" {
        News::Cancelled { reason: Paragraph::stored(&words) }
    } else {
        let read = |text| parse(TABLE, "sittings", &id, text).map(SittingId::new);
        News::Changed {
            sittings: sittings.split_whitespace().map(read).collect::<Result<_, _>>()?,
            words: words.lines().map(str::to_owned).collect(),
        }
    };
    let session = parse(TABLE, "session", &id, &session)?;
    let said = said.lines().map(str::to_owned).collect();
    Ok(Some(Announcement { session, news, to_leaders, said }))
}

/// At most `most` bookings that are still to be told.
pub async fn untold(
    conn: &mut Conn,
    id: Uuid,
    most: i64,
) -> Result<Vec<RegistrationId>, StoreError> {
    let ids = UNTOLD.values(conn, (id, most)).await?;
    Ok(ids.into_iter().map(RegistrationId::new).collect())
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

/// Whether news of a session waits that leaders are to be told.
pub async fn waits_for_leaders(conn: &mut Conn, session: &SessionCode) -> Result<bool, StoreError> {
    Ok(WAITS_FOR_LEADERS.value(conn, [session.as_str()]).await? > 0)
}

/// The bookings of a session that are still to be told something.
pub async fn being_told(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<RegistrationId>, StoreError> {
    let ids = BEING_TOLD.values(conn, [session.as_str()]).await?;
    Ok(ids.into_iter().map(RegistrationId::new).collect())
}

/// News from before `moment` that somebody is still to be told, with its session, oldest first.
pub async fn left_untold(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<Vec<(Uuid, SessionCode)>, StoreError> {
    let rows = LEFT_UNTOLD.all(conn, [moment]).await?;
    rows.into_iter().map(|(id, code)| Ok((id, parse(TABLE, "session", &id, &code)?))).collect()
}
