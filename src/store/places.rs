//! Places: who sits there, and in which state.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
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
///
/// # Errors
/// [`StoreError`].
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
///
/// # Errors
/// [`StoreError`].
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
///
/// # Errors
/// [`StoreError`].
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
///
/// # Errors
/// [`StoreError`].
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
///
/// # Errors
/// [`StoreError`].
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

/// Adds a place on the session that is locked.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has no place left for it.
pub async fn insert(
    locked: &mut Locked<'_>,
    registration: RegistrationId,
    place: &Place,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    let (state, until, queue) = columns(place.state);
    let attendee = place.attendee.as_ref();
    let guardian = attendee.and_then(|attendee| attendee.guardian.as_ref());
    let (tx, session) = locked.parts();
    run!(
        exec,
        tx,
        "insert into places (id, registration, session, number, name, email, dietary, access,
             guardian_name, guardian_contact, state, until, queue, changed_at, changed_by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        place.id.uuid(),
        registration.uuid(),
        session.as_str(),
        column(place.number),
        attendee.map(|a| a.name.as_str()),
        attendee.and_then(|a| a.email.as_ref()).map(EmailAddress::as_str),
        attendee.and_then(|a| a.dietary.as_ref()).map(Need::as_str),
        attendee.and_then(|a| a.access.as_ref()).map(Need::as_str),
        guardian.map(|g| g.name.as_str()),
        guardian.map(|g| g.contact.as_str()),
        state,
        until,
        queue,
        cause.at,
        cause.by.to_string(),
        cause.why,
    )?;
    Ok(())
}

/// Writes a move of a place of the session that is locked.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has no place left for it; [`StoreError::Stale`] when
/// the place is not, or not there, where the move starts.
pub async fn set_state(
    locked: &mut Locked<'_>,
    done: Move,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    let (state, until, queue) = columns(done.to());
    let (tx, session) = locked.parts();
    let written = run!(
        exec,
        tx,
        "update places set state = $4, until = $5, queue = $6, changed_at = $7, changed_by = $8,
             reason = $9 where id = $1 and session = $2 and state = $3",
        done.place().uuid(),
        session.as_str(),
        done.from().as_str(),
        state,
        until,
        queue,
        cause.at,
        cause.by.to_string(),
        cause.why,
    )?;
    one(written, done.place())
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
