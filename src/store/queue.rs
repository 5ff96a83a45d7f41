//! Who holds, who waits, and whose time is up: what decides which places are free.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, codec::parse, reserves, session_lock::Locked};
use crate::domain::{
    contact::EmailAddress,
    id::{InstitutionCode, RegistrationId, SessionCode},
    waiting_list::Waiter,
};

const TABLE: &str = "places";

row! {
    struct WaiterRow {
        registration: Uuid,
        queue: i64,
        places: i64,
        team: String,
        institution: Option<String>,
        rests_until: Option<DateTime<Utc>>,
    }
}

statements! {
    WAITERS: WaiterRow =
        "select r.id as registration, min(p.queue) as queue, count(*) as places, r.team,
             r.institution, r.rests_until
         from places p join registrations r on r.id = p.registration
         where p.session = $1 and p.state = 'waiting'
         group by r.id, r.team, r.institution, r.rests_until order by min(p.queue)";

    AHEAD_OF: i64 =
        "select count(distinct registration) from places
         where session = $1 and state = 'waiting' and queue < $2";

    OCCUPIED_BY: i64 =
        "select count(*) from places p join registrations r on r.id = p.registration
         where p.session = $1 and r.institution = $2
           and p.state in ('held', 'offered', 'confirmed')";

    OCCUPIED_BY_EACH: (String, i64) =
        "select r.institution, count(*) from places p join registrations r on r.id = p.registration
         where p.session = $1 and r.institution is not null
           and p.state in ('held', 'offered', 'confirmed')
         group by r.institution";

    SESSIONS_TO_SETTLE: String =
        "select session from places where until <= $1 and state in ('held', 'offered')";

    SESSIONS_WITH_ROOM_AND_WAITERS: String =
        "select s.code from sessions s
         where s.code in (select t.session from sittings t where t.starts_at > $1)
           and s.occupied < s.capacity and s.publication = 'published'
           and exists (select 1 from places p where p.session = s.code and p.state = 'waiting')";

    FIRST: Option<i64> =
        "select min(queue) from places where session = $1 and state in ('waiting', 'offered')";

    EXPIRE_HOLDS =
        "update places set state = 'expired', until = null, changed_at = $2, changed_by = 'job'
         where session = $1 and state = 'held' and until <= $2";

    OPEN_HOLDS_OF: i64 =
        "select count(distinct coalesce(r.series_booking, r.id)) from registrations r join places p on p.registration = r.id
         where r.leader_email = $1 and r.booked_at is null and p.state = 'held' and p.until > $2";
}

/// Who waits for places of a session, first in the queue first.
pub async fn waiters(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Waiter>, StoreError> {
    let rows = WAITERS.all(conn, [session.as_str()]).await?;
    rows.into_iter()
        .map(|row| {
            let institution = row.institution.as_deref();
            let institution = institution
                .map(|code| parse("registrations", "institution", &row.registration, code));
            Ok(Waiter {
                registration: RegistrationId::new(row.registration),
                queue: row.queue,
                places: u32::try_from(row.places).unwrap_or(u32::MAX),
                team: parse("registrations", "team", &row.registration, &row.team)?,
                institution: institution.transpose()?,
                rests_until: row.rests_until,
            })
        })
        .collect()
}

/// The number of whoever is to stand before everybody who waits for places of a session.
pub async fn first(conn: &mut Conn, session: &SessionCode) -> Result<i64, StoreError> {
    let first = FIRST.value(conn, [session.as_str()]).await?;
    Ok(first.map_or(0, |first| first.saturating_sub(1)))
}

/// How many registrations wait for places of a session before the queue number `queue`.
pub async fn ahead_of(
    conn: &mut Conn,
    session: &SessionCode,
    queue: i64,
) -> Result<usize, StoreError> {
    let ahead = AHEAD_OF.value(conn, (session.as_str(), queue)).await?;
    Ok(usize::try_from(ahead).unwrap_or(usize::MAX))
}

/// How many places of a session an institution occupies (B2).
pub async fn occupied_by(
    conn: &mut Conn,
    session: &SessionCode,
    institution: &InstitutionCode,
) -> Result<u32, StoreError> {
    let places = OCCUPIED_BY.value(conn, (session.as_str(), institution.as_str())).await?;
    Ok(u32::try_from(places).unwrap_or(u32::MAX))
}

/// How many places each institution occupies of a session (B2).
pub async fn occupied_by_each(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<InstitutionCode, u32>, StoreError> {
    let rows = OCCUPIED_BY_EACH.all(conn, [session.as_str()]).await?;
    rows.into_iter()
        .map(|(code, places)| {
            let places = u32::try_from(places).unwrap_or(u32::MAX);
            Ok((parse("registrations", "institution", &code, &code)?, places))
        })
        .collect()
}

/// Sessions with a hold or an offer that has run out at `now`.
pub async fn sessions_to_settle(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<SessionCode>, StoreError> {
    let codes = SESSIONS_TO_SETTLE.values(conn, [now]).await?;
    // Told apart here: asked for it, SQLite would walk through the places of every session.
    let codes: BTreeSet<String> = codes.into_iter().collect();
    codes.iter().map(|code| parse(TABLE, "session", code, code)).collect()
}

/// Sessions still to come that have both free places and people who wait. Whoever waited for one
/// that has begun is offered nothing any more (W5).
pub async fn sessions_with_room_and_waiters(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<SessionCode>, StoreError> {
    let codes = SESSIONS_WITH_ROOM_AND_WAITERS.values(conn, [now]).await?;
    codes.iter().map(|code| parse(TABLE, "session", code, code)).collect()
}

/// Ends the holds of a session that have run out at `now`; how many places that freed.
pub async fn expire_holds(locked: &mut Locked<'_>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let (tx, session) = locked.parts();
    let expired = EXPIRE_HOLDS.run(tx, (session.as_str(), now)).await?;
    if expired > 0 {
        reserves::recount(locked).await?;
    }
    Ok(expired)
}

/// How many bookings under this address that were not sent off hold places right now.
pub async fn open_holds_of(
    conn: &mut Conn,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let holds = OPEN_HOLDS_OF.value(conn, (email.as_str(), now)).await?;
    Ok(u32::try_from(holds).unwrap_or(u32::MAX))
}
