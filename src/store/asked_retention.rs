//! What is due of people who were asked to come (P5): erased by the hourly work, and counted for `doctor`.

use chrono::{DateTime, Duration, Utc};

use super::{Conn, StoreError, Tx, due::due, personal_invitations};
use crate::domain::retention::{Kind, Retention};

statements! {
    /// Those who booked are kept as long as the names of their bookings.
    ASKED = concat!("update personal_invitations set name = 'Name removed', email = null, key = null, person = null,
            institution = null, words = null, answer_words = null, erased_at = $2
        where id in (select d.id from personal_invitations d where ", due!(asked), ")");

    INTERESTS = concat!("delete from interests where id in
        (select d.id from interests d where ", due!(interest), ")");

    /// What was never confirmed, and what was ended.
    INTERESTS_ENDED = concat!("delete from interests where id in
        (select d.id from interests d where ", due!(interest_ended), ")");

    LATE_INTERESTS: i64 = concat!("select count(*) from interests d where ", due!(interest));

    NOMINATIONS = concat!("delete from nominations where id in
        (select d.id from nominations d where ", due!(nominated), ")");

    LATE_NOMINATIONS: i64 = concat!("select count(*) from nominations d where ", due!(nominated));

    LATE_ASKED: i64 = concat!("select count(*) from personal_invitations d where ", due!(asked));
}

/// Erases what is due; how many lines it was.
pub async fn sweep(
    tx: &mut Tx,
    retention: Retention,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let gone = ASKED.run(tx, (retention.rule(Kind::Asked).due(now), now)).await?;
    let gone = gone + NOMINATIONS.run(tx, [retention.rule(Kind::Nominations).due(now)]).await?;
    let gone = gone + INTERESTS.run(tx, [retention.rule(Kind::Interest).due(now)]).await?;
    let gone = gone + INTERESTS_ENDED.run(tx, [now - Duration::days(2)]).await?;
    Ok(gone + personal_invitations::sweep(tx, now).await?)
}

/// What should be gone for a while, in words.
pub async fn overdue(
    conn: &mut Conn,
    retention: Retention,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    let late = LATE_ASKED.value(conn, [retention.rule(Kind::Asked).overdue(now)]).await?;
    if late > 0 {
        found.push(format!("{}: {late} personal invitations", Kind::Asked));
    }
    let late = retention.rule(Kind::Nominations).overdue(now);
    let late = LATE_NOMINATIONS.value(conn, [late]).await?;
    if late > 0 {
        found.push(format!("{}: {late} nominations", Kind::Nominations));
    }
    let late = retention.rule(Kind::Interest).overdue(now);
    let late = LATE_INTERESTS.value(conn, [late]).await?;
    if late > 0 {
        found.push(format!("{}: {late} wishes to be told", Kind::Interest));
    }
    Ok(found)
}
