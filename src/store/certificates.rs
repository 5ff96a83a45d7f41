//! The numbers of certificates, and what they stand for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError,
    codec::{count, parse},
};
use crate::domain::{
    attendance::did_course,
    certificate_number::CertificateNumber,
    id::{PersonId, PlaceId, SessionCode},
};

row! {
    struct CertificateRow {
        place: Uuid,
        session: String,
        name: Option<String>,
        state: String,
        erased_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct LearningRow {
        learning_minutes: i32,
        days: i64,
        attended: i64,
    }
}

statements! {
    FIND: CertificateRow =
        "select p.id as place, p.session, p.name, p.state, p.erased_at from certificates c
         join places p on p.id = c.place where c.number = $1";

    OF_SESSION: (Uuid, String) =
        "select c.place, c.number from certificates c join places p on p.id = c.place
         where p.session = $1";

    /// The place somebody had on a session, the one at whose door she was seen most.
    PLACE_OF: (Uuid, Option<String>, i64) =
        "select p.id, c.number,
             (select count(*) from attendances a
              where a.place = p.id and a.presence = 'attended') as attended
         from places p left join certificates c on c.place = p.id
         where p.person = $2 and p.session = $1 and p.state = 'confirmed' and not p.superseded
         order by attended desc, p.id limit 1";

    LEARNING: LearningRow =
        "select c.learning_minutes,
                (select count(*) from sittings t where t.session = p.session) as days,
                (select count(*) from attendances a
                 where a.place = p.id and a.presence = 'attended') as attended
         from places own join places p on p.person = own.person
         join sessions s on s.code = p.session join courses c on c.slug = s.course
         where own.id = $1 and own.person is not null and p.state = 'confirmed'
           and exists (select 1 from attendances x where x.place = p.id)";
}

/// What a number stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// The place it was given to.
    pub place: PlaceId,
    /// Where she had it.
    pub session: SessionCode,
    /// Her name, unless it was erased.
    pub name: Option<String>,
    /// Whether the place is hers still.
    pub is_confirmed: bool,
}

/// What a number stands for; `None` if nobody was given it.
pub async fn find(
    conn: &mut Conn,
    number: &CertificateNumber,
) -> Result<Option<Certified>, StoreError> {
    let Some(row) = FIND.optional(conn, [number.digits()]).await? else { return Ok(None) };
    Ok(Some(Certified {
        place: PlaceId::new(row.place),
        session: parse("places", "session", &row.place, &row.session)?,
        name: row.name.filter(|_| row.erased_at.is_none()),
        is_confirmed: row.state == "confirmed",
    }))
}

/// The numbers of a session's places.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, CertificateNumber>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    let read = |(place, number): (Uuid, String)| {
        Ok((PlaceId::new(place), parse("certificates", "number", &place, &number)?))
    };
    rows.into_iter().map(read).collect()
}

/// The place somebody had on a session, with the number of its certificate, and on how many days she came.
pub async fn place_of(
    conn: &mut Conn,
    session: &SessionCode,
    person: PersonId,
) -> Result<Option<(PlaceId, Option<CertificateNumber>, usize)>, StoreError> {
    let row = PLACE_OF.optional(conn, (session.as_str(), person.uuid())).await?;
    let Some((place, number, days)) = row else { return Ok(None) };
    let number = number.map(|text| parse("certificates", "number", &place, &text)).transpose()?;
    Ok(Some((PlaceId::new(place), number, usize::try_from(days).unwrap_or(0))))
}

/// How many minutes whoever has a place has learnt in all, where we know her: of what she came to for more
/// than half.
pub async fn learning_minutes(conn: &mut Conn, place: PlaceId) -> Result<u32, StoreError> {
    let rows = LEARNING.all(conn, [place.uuid()]).await?;
    let minutes = rows.into_iter().map(|row| {
        let (days, attended) = (usize::try_from(row.days), usize::try_from(row.attended));
        let (days, attended) = (days.unwrap_or(0), attended.unwrap_or(0));
        if !did_course(attended, days) {
            return 0;
        }
        let minutes = u64::from(count(row.learning_minutes));
        let share = |count: usize| u64::try_from(count).unwrap_or(0);
        let minutes = (minutes * share(attended.min(days))).checked_div(share(days)).unwrap_or(0);
        u32::try_from(minutes).unwrap_or(u32::MAX)
    });
    Ok(minutes.fold(0, u32::saturating_add))
}
