//! What an organiser watches: how sessions fill, and what waits for somebody to act.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, codec::parse};
use crate::domain::{
    fill::Fill,
    id::{SessionCode, StaffLogin},
    reference::Reference,
};

statements! {
    FILL_LEVELS: (String, String, i64) =
        "select p.session, p.state, count(*) from places p
         where p.state in ('confirmed', 'held', 'offered', 'waiting', 'requested')
           and not p.superseded
           and p.session in (select t.session from sittings t where t.ends_at > $1)
         group by p.session, p.state";

    FILL_OF: (String, i64) =
        "select state, count(*) from places where session = $1 and not superseded group by state";

    OFFERS_ENDING: (String, i64, DateTime<Utc>, DateTime<Utc>) =
        "select session, count(*), min(until), max(until) from places
         where state = 'offered' and until > $1 and until <= $2 group by session";

    /// Offers to leaders whom no letter tells of them.
    OFFERS_TO_PHONE: (String, String, String, Option<String>, DateTime<Utc>) =
        "select p.session, r.reference, r.leader_name, r.leader_phone, min(p.until)
         from places p join registrations r on r.id = p.registration
         where p.state = 'offered' and p.until > $1 and r.leader_email is null
         group by p.session, r.reference, r.leader_name, r.leader_phone order by 5, 2";

    /// Found first, so that PostgreSQL does not look for them among all places there ever were.
    INSTITUTIONS_TAKING_PART: i64 =
        "with coming as materialized (select p.registration from places p
             where p.session in (select t.session from sittings t where t.ends_at > $1)
               and p.state = 'confirmed')
         select count(distinct r.institution) from registrations r
         where r.id in (select c.registration from coming c) and r.institution is not null";

    OWN_INSTITUTIONS_TAKING_PART: i64 =
        "with coming as materialized (select p.registration from places p
             where p.session in (select t.session from sittings t where t.ends_at > $1)
               and p.session in (select s.code from sessions s
                   join staff_alliances a on a.alliance = s.alliance where a.login = $2)
               and p.state = 'confirmed')
         select count(distinct r.institution) from registrations r
         where r.id in (select c.registration from coming c) and r.institution is not null";

    COMING_WITH_NEEDS: (i64, i64) =
        "select count(*), coalesce(sum(case when p.dietary is null and p.access is null
                                                 and not p.allergy and not p.interpreter
                                            then 0 else 1 end), 0)
         from places p where p.session = $1 and p.state = 'confirmed' and not p.superseded";

    REQUESTS: (String, i64) =
        "select p.session, count(*) from places p join registrations r on r.id = p.registration
         where p.state = 'requested' and not p.superseded and r.booked_at is not null
           and p.session in (select t.session from sittings t where t.ends_at > $1)
         group by p.session";
}

/// How the sessions that end after `moment` fill.
pub async fn fill_levels(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, Fill>, StoreError> {
    let rows = FILL_LEVELS.all(conn, [moment]).await?;
    let mut levels: HashMap<SessionCode, Fill> = HashMap::new();
    for (session, state, count) in rows {
        let code = parse("places", "session", &session, &session)?;
        let status = parse("places", "state", &session, &state)?;
        levels.entry(code).or_default().add(status, u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(levels)
}

/// How one session fills.
pub async fn fill_of(conn: &mut Conn, session: &SessionCode) -> Result<Fill, StoreError> {
    let rows = FILL_OF.all(conn, [session.as_str()]).await?;
    let mut fill = Fill::default();
    for (state, count) in rows {
        let status = parse("places", "state", session, &state)?;
        fill.add(status, u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(fill)
}

/// Offers of a session that run out soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingOffers {
    /// The session.
    pub session: SessionCode,
    /// How many places.
    pub count: i64,
    /// When the first of them runs out.
    pub first: DateTime<Utc>,
    /// When the last does.
    pub last: DateTime<Utc>,
}

/// Offers that run out between two moments, by session.
pub async fn offers_ending(
    conn: &mut Conn,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<EndingOffers>, StoreError> {
    let rows = OFFERS_ENDING.all(conn, (from, until)).await?;
    rows.into_iter()
        .map(|(code, count, first, last)| {
            let session = parse("places", "session", &code, &code)?;
            Ok(EndingOffers { session, count, first, last })
        })
        .collect()
}

/// An offer that somebody must tell its leader of by telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferToPhone {
    /// The session.
    pub session: SessionCode,
    /// The booking.
    pub reference: Reference,
    /// Who asked for the places.
    pub leader: String,
    /// Her number.
    pub phone: Option<String>,
    /// Until when they are kept.
    pub until: DateTime<Utc>,
}

/// Offers that are open at `now` to leaders who gave no address, those that end first before others.
pub async fn offers_to_phone(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<OfferToPhone>, StoreError> {
    let rows = OFFERS_TO_PHONE.all(conn, [now]).await?;
    let read = |(session, reference, leader, phone, until): (String, String, String, _, _)| {
        Ok(OfferToPhone {
            session: parse("places", "session", &reference, &session)?,
            reference: parse("registrations", "reference", &reference, &reference)?,
            leader,
            phone,
            until,
        })
    };
    rows.into_iter().map(read).collect()
}

fn counted((code, count): (String, i64)) -> Result<(SessionCode, usize), StoreError> {
    Ok((parse("places", "session", &code, &code)?, usize::try_from(count).unwrap_or(0)))
}

/// How many institutions send somebody to sessions that end after `moment`; with `within`, to
/// sessions of that organiser's alliances.
pub async fn institutions_taking_part(
    conn: &mut Conn,
    moment: DateTime<Utc>,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    match within {
        Some(login) => OWN_INSTITUTIONS_TAKING_PART.value(conn, (moment, login.as_str())).await,
        None => INSTITUTIONS_TAKING_PART.value(conn, [moment]).await,
    }
}

/// How many people come to a session, and how many of them gave a need.
pub async fn coming_with_needs(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<(u32, u32), StoreError> {
    let (coming, needs) = COMING_WITH_NEEDS.one(conn, [session.as_str()]).await?;
    let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok((small(coming), small(needs)))
}

/// How many people ask for places on each session that ends after `moment`.
pub async fn requests(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, usize>, StoreError> {
    let rows = REQUESTS.all(conn, [moment]).await?;
    rows.into_iter().map(counted).collect()
}
