//! Places: who sits there, and in which state.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    rows,
    session_lock::Locked,
};
use crate::domain::{
    attendee::{Attendee, Guardian},
    audit::Actor,
    contact::EmailAddress,
    id::{PlaceId, RegistrationId, SessionCode},
    place::{Move, Place, PlaceState, PlaceStatus},
    text::{Line, Need},
};

const TABLE: &str = "places";

#[derive(FromRow)]
struct PlaceRow {
    id: Uuid,
    registration: Uuid,
    number: i32,
    name: Option<String>,
    email: Option<String>,
    dietary: Option<String>,
    access: Option<String>,
    guardian_name: Option<String>,
    guardian_contact: Option<String>,
    state: String,
    until: Option<DateTime<Utc>>,
    queue: Option<i64>,
}

impl PlaceRow {
    fn read(self) -> Result<Place, StoreError> {
        let state = self.state()?;
        let attendee = match &self.name {
            None => None,
            Some(name) => Some(Attendee {
                name: self.line("name", name)?,
                email: self
                    .email
                    .as_ref()
                    .map(|text| parse::<EmailAddress>(TABLE, "email", &self.id, text))
                    .transpose()?,
                dietary: self.optional("dietary", self.dietary.as_deref())?,
                access: self.optional("access", self.access.as_deref())?,
                guardian: match (&self.guardian_name, &self.guardian_contact) {
                    (Some(name), Some(contact)) => Some(Guardian {
                        name: self.line("guardian_name", name)?,
                        contact: self.line("guardian_contact", contact)?,
                    }),
                    _ => None,
                },
            }),
        };
        Ok(Place { id: PlaceId::new(self.id), number: count(self.number), attendee, state })
    }

    fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: TABLE, column, row: self.id.to_string() }
    }

    fn line<const MAX: usize>(
        &self,
        column: &'static str,
        text: &str,
    ) -> Result<Line<MAX>, StoreError> {
        Line::parse(text).map_err(|_| self.corrupt(column))
    }

    fn optional(
        &self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<Need>, StoreError> {
        text.map(|text| self.line(column, text)).transpose()
    }

    fn state(&self) -> Result<PlaceState, StoreError> {
        let until = self.until.ok_or_else(|| self.corrupt("until"));
        let queue = self.queue.ok_or_else(|| self.corrupt("queue"));
        Ok(match parse(TABLE, "state", &self.id, &self.state)? {
            PlaceStatus::Held => PlaceState::Held { until: until? },
            PlaceStatus::Requested => PlaceState::Requested,
            PlaceStatus::Waiting => PlaceState::Waiting { queue: queue? },
            PlaceStatus::Offered => PlaceState::Offered { until: until?, queue: queue? },
            PlaceStatus::Confirmed => PlaceState::Confirmed,
            PlaceStatus::Expired => PlaceState::Expired,
            PlaceStatus::Lapsed => PlaceState::Lapsed,
            PlaceStatus::Declined => PlaceState::Declined,
            PlaceStatus::Refused => PlaceState::Refused,
            PlaceStatus::Cancelled => PlaceState::Cancelled,
        })
    }
}

/// The columns a state fills: its word, its deadline, its place in the queue.
fn columns(state: PlaceState) -> (&'static str, Option<DateTime<Utc>>, Option<i64>) {
    let (until, queue) = match state {
        PlaceState::Held { until } => (Some(until), None),
        PlaceState::Waiting { queue } => (None, Some(queue)),
        PlaceState::Offered { until, queue } => (Some(until), Some(queue)),
        _ => (None, None),
    };
    (state.status().as_str(), until, queue)
}

/// The places of a registration, without those that ran out while its leader typed.
pub async fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<Place>, StoreError> {
    let rows = run!(
        all PlaceRow, conn,
        "select * from places where registration = $1 and state <> 'expired' and not superseded order by number",
        registration.uuid(),
    )?;
    rows.into_iter().map(PlaceRow::read).collect()
}

/// The places of a registration that ran out, as they were typed, latest first, by number.
pub async fn expired_of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<Place>, StoreError> {
    let rows = run!(
        all PlaceRow, conn,
        "select * from places where registration = $1 and state = 'expired'
         order by changed_at desc, number",
        registration.uuid(),
    )?;
    rows.into_iter().map(PlaceRow::read).collect()
}

/// The places of a session by registration, without those that ran out.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<RegistrationId, Vec<Place>>, StoreError> {
    let rows = run!(
        all PlaceRow, conn,
        "select * from places where session = $1 and state <> 'expired' and not superseded
         order by registration, number",
        session.as_str(),
    )?;
    let mut places: HashMap<RegistrationId, Vec<Place>> = HashMap::new();
    for row in rows {
        places.entry(RegistrationId::new(row.registration)).or_default().push(row.read()?);
    }
    Ok(places)
}

/// The offers of a session that have run out at `now`, each with its registration.
pub async fn spent_offers(
    conn: &mut Conn,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Vec<(RegistrationId, Place)>, StoreError> {
    let rows = run!(
        all PlaceRow, conn,
        "select * from places
         where session = $1 and state = 'offered' and until <= $2 order by queue, number",
        session.as_str(), now,
    )?;
    rows.into_iter().map(|row| Ok((RegistrationId::new(row.registration), row.read()?))).collect()
}

/// The registration a place belongs to.
pub async fn registration_of(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Option<RegistrationId>, StoreError> {
    let text = "select registration from places where id = $1";
    let row = run!(opt(Uuid,), conn, text, place.uuid())?;
    Ok(row.map(|(id,)| RegistrationId::new(id)))
}

/// Erases the needs of everybody whose session had its last sitting before `moment` (P1); how many
/// places had any.
pub async fn erase_needs(tx: &mut Tx, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    run!(
        exec,
        tx,
        "update places set dietary = null, access = null
         where (dietary is not null or access is not null)
           and not exists (select 1 from sittings t
                           where t.session = places.session and t.ends_at > $1)",
        moment,
    )
}

/// Who changes a place, when and why: part of the row, as in the audit log.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, if they said.
    pub why: Option<&'a str>,
}

/// A place to be added, with the columns of its row.
#[derive(Serialize)]
struct NewPlace<'a> {
    id: String,
    number: i32,
    name: Option<&'a str>,
    email: Option<&'a str>,
    dietary: Option<&'a str>,
    access: Option<&'a str>,
    guardian_name: Option<&'a str>,
    guardian_contact: Option<&'a str>,
    state: &'static str,
    until: Option<String>,
    queue: Option<i64>,
}

impl<'a> NewPlace<'a> {
    fn of(place: &'a Place) -> Self {
        let (state, until, queue) = columns(place.state);
        let attendee = place.attendee.as_ref();
        let guardian = attendee.and_then(|attendee| attendee.guardian.as_ref());
        Self {
            id: rows::key(place.id.uuid()),
            number: column(place.number),
            name: attendee.map(|a| a.name.as_str()),
            email: attendee.and_then(|a| a.email.as_ref()).map(EmailAddress::as_str),
            dietary: attendee.and_then(|a| a.dietary.as_ref()).map(Need::as_str),
            access: attendee.and_then(|a| a.access.as_ref()).map(Need::as_str),
            guardian_name: guardian.map(|g| g.name.as_str()),
            guardian_contact: guardian.map(|g| g.contact.as_str()),
            state,
            until: until.map(rows::moment),
            queue,
        }
    }
}

const INSERT_SQLITE: &str =
    "insert into places (id, registration, session, number, name, email, dietary, access,
         guardian_name, guardian_contact, state, until, queue, changed_at, changed_by, reason)
     select unhex(value ->> 'id'), $2, $3, value ->> 'number', value ->> 'name',
         value ->> 'email', value ->> 'dietary', value ->> 'access', value ->> 'guardian_name',
         value ->> 'guardian_contact', value ->> 'state', value ->> 'until', value ->> 'queue',
         $4, $5, $6
     from json_each($1)";

const INSERT_POSTGRES: &str =
    "insert into places (id, registration, session, number, name, email, dietary, access,
         guardian_name, guardian_contact, state, until, queue, changed_at, changed_by, reason)
     select id, $2, $3, number, name, email, dietary, access, guardian_name, guardian_contact,
         state, until, queue, $4, $5, $6
     from json_to_recordset($1::json) as new(id uuid, number integer, name text, email text,
         dietary text, access text, guardian_name text, guardian_contact text, state text,
         until timestamptz, queue bigint)";

/// Adds places of a registration on the session that is locked.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has too few places left for them.
pub async fn insert(
    locked: &mut Locked<'_>,
    registration: RegistrationId,
    places: &[Place],
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    if places.is_empty() {
        return Ok(());
    }
    let new = rows::json(&places.iter().map(NewPlace::of).collect::<Vec<_>>())?;
    let (tx, session) = locked.parts();
    let text = if tx.is_postgres() { INSERT_POSTGRES } else { INSERT_SQLITE };
    let (id, by) = (registration.uuid(), cause.by.to_string());
    run!(exec, tx, text, new, id, session.as_str(), cause.at, by, cause.why)?;
    Ok(())
}

/// The signs before `session` and `state` keep SQLite from walking all places of the session.
const MOVE_SQLITE: &str =
    "update places set state = $4, until = $5, queue = $6, changed_at = $7, changed_by = $8,
         reason = $9
     where id in (select unhex(value) from json_each($1)) and +session = $2 and +state = $3";

const MOVE_POSTGRES: &str =
    "update places set state = $4, until = $5, queue = $6, changed_at = $7, changed_by = $8,
         reason = $9
     where id = any(array(select json_array_elements_text($1::json)::uuid))
       and session = $2 and state = $3";

/// Writes moves of places of the session that is locked: one statement for all that leave the same
/// state for the same other.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has too few places left for them;
/// [`StoreError::Stale`] when one of the places is not, or not there, where its move starts.
pub async fn set_states(
    locked: &mut Locked<'_>,
    moves: &[Move],
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    let mut left: Vec<&Move> = moves.iter().collect();
    while let Some(first) = left.first().copied() {
        let is_alike = |one: &&Move| (one.from(), one.to()) == (first.from(), first.to());
        let (alike, others): (Vec<_>, Vec<_>) = left.into_iter().partition(is_alike);
        left = others;
        let ids: Vec<_> = alike.iter().map(|one| rows::key(one.place().uuid())).collect();
        let (state, until, queue) = columns(first.to());
        let (tx, session) = locked.parts();
        let text = if tx.is_postgres() { MOVE_POSTGRES } else { MOVE_SQLITE };
        let written = run!(
            exec,
            tx,
            text,
            rows::json(&ids)?,
            session.as_str(),
            first.from().as_str(),
            state,
            until,
            queue,
            cause.at,
            cause.by.to_string(),
            cause.why,
        )?;
        if written != alike.len() as u64 {
            return Err(StoreError::Stale { table: TABLE, row: first.place().to_string() });
        }
    }
    Ok(())
}

/// A write of one place that met none is an error: nothing is passed over in silence.
fn one(written: u64, place: PlaceId) -> Result<(), StoreError> {
    match written {
        1 => Ok(()),
        _ => Err(StoreError::Stale { table: TABLE, row: place.to_string() }),
    }
}

/// Puts a place aside because a new one stands in for it.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn supersede(locked: &mut Locked<'_>, place: PlaceId) -> Result<(), StoreError> {
    let text = "update places set superseded = $3 where id = $1 and session = $2";
    let (tx, session) = locked.parts();
    one(run!(exec, tx, text, place.uuid(), session.as_str(), true)?, place)
}

/// Ends every open place of a session that is locked: it is called off.
pub async fn cancel_all(locked: &mut Locked<'_>, cause: Cause<'_>) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    run!(
        exec,
        tx,
        "update places set state = 'cancelled', until = null, queue = null, changed_at = $2,
             changed_by = $3, reason = $4
         where session = $1 and state in ('held', 'requested', 'waiting', 'offered', 'confirmed')",
        session.as_str(),
        cause.at,
        cause.by.to_string(),
        cause.why,
    )?;
    Ok(())
}

/// Writes who sits on a place.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn set_attendee(
    locked: &mut Locked<'_>,
    place: PlaceId,
    attendee: &Attendee,
) -> Result<(), StoreError> {
    let guardian = attendee.guardian.as_ref();
    let (tx, session) = locked.parts();
    let written = run!(
        exec,
        tx,
        "update places set name = $3, email = $4, dietary = $5, access = $6, guardian_name = $7,
             guardian_contact = $8, person = null where id = $1 and session = $2",
        place.uuid(),
        session.as_str(),
        attendee.name.as_str(),
        attendee.email.as_ref().map(EmailAddress::as_str),
        attendee.dietary.as_ref().map(Need::as_str),
        attendee.access.as_ref().map(Need::as_str),
        guardian.map(|g| g.name.as_str()),
        guardian.map(|g| g.contact.as_str()),
    )?;
    one(written, place)
}
