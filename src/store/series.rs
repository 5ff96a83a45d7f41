//! Series: evenings that can be booked as one.

use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, sessions};
use crate::domain::{
    id::{PersonId, SeriesId, SessionCode},
    series::{Bookable, Series},
};

row! {
    struct SeriesRow { id: String, title: Option<String>, booked: String }
}

statements! {
    FIND: SeriesRow = "select id, title, booked from series where id = $1";

    SESSIONS: String = "select code from sessions where series_id = $1 order by code";

    ADD = "insert into series (id, booked) values ($1, $2) on conflict (id) do nothing";

    SET = "update series set title = $2, booked = $3 where id = $1";

    /// The public sees it on the page of each of its evenings.
    SEEN = "update sessions set seen_version = seen_version + 1 where series_id = $1";

    PUT = "update sessions set series_id = $2, seen_version = seen_version + 1 where code = $1";

    TAKE_OUT =
        "update sessions set series_id = null, seen_version = seen_version + 1 where code = $1";

    /// Whom we know among those who have a place, with on how many evenings; most first.
    COMING: (Uuid, String, i64) =
        "select p.person, min(p.name) as name, count(distinct p.session) as evenings
         from sessions s join places p on p.session = s.code
         where s.series_id = $1 and p.state = 'confirmed' and p.person is not null
         group by p.person order by 3 desc, 2 limit 500";

    FORGET =
        "delete from series
         where id = $1 and not exists (select 1 from sessions s where s.series_id = $1)";
}

/// A series with its sessions, whatever their publication.
pub async fn find(conn: &mut Conn, id: &SeriesId) -> Result<Option<Series>, StoreError> {
    let Some(row) = FIND.optional(conn, [id.as_str()]).await? else { return Ok(None) };
    let mut found = Vec::new();
    for code in codes(conn, id).await? {
        found.extend(sessions::find(conn, &code).await?);
    }
    found.sort_by_cached_key(|one| (one.starts_at(), one.code.clone()));
    Ok(Some(Series {
        id: parse("series", "id", &row.id, &row.id)?,
        title: row.title,
        bookable: parse("series", "booked", &row.id, &row.booked)?,
        sessions: found,
    }))
}

/// Its sessions, in the order of their codes.
pub async fn codes(conn: &mut Conn, id: &SeriesId) -> Result<Vec<SessionCode>, StoreError> {
    let codes = SESSIONS.values(conn, [id.as_str()]).await?;
    codes.iter().map(|code| parse("sessions", "code", code, code)).collect()
}

/// Who has a place, of those we know, with on how many of its evenings; whoever comes most often first.
pub async fn coming(
    conn: &mut Conn,
    id: &SeriesId,
) -> Result<Vec<(PersonId, String, i64)>, StoreError> {
    let rows = COMING.all(conn, [id.as_str()]).await?;
    let read = |(person, name, evenings)| (PersonId::new(person), name, evenings);
    Ok(rows.into_iter().map(read).collect())
}

/// Begins a series; whether it was not there.
pub async fn add(tx: &mut Tx, id: &SeriesId, bookable: Bookable) -> Result<bool, StoreError> {
    Ok(ADD.run(tx, (id.as_str(), bookable.as_str())).await? == 1)
}

/// Writes what it is called, and what of it can be booked.
pub async fn set(
    tx: &mut Tx,
    id: &SeriesId,
    title: Option<&str>,
    bookable: Bookable,
) -> Result<(), StoreError> {
    SET.run(tx, (id.as_str(), title, bookable.as_str())).await?;
    SEEN.run(tx, [id.as_str()]).await?;
    Ok(())
}

/// Puts a session into a series.
pub async fn put(tx: &mut Tx, session: &SessionCode, id: &SeriesId) -> Result<(), StoreError> {
    PUT.run(tx, (session.as_str(), id.as_str())).await?;
    Ok(())
}

/// Takes a session out of its series, and forgets a series that has none left.
pub async fn take_out(tx: &mut Tx, session: &SessionCode, id: &SeriesId) -> Result<(), StoreError> {
    TAKE_OUT.run(tx, [session.as_str()]).await?;
    FORGET.run(tx, [id.as_str()]).await?;
    Ok(())
}
