//! Places: who sits there, and in which state.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    attendee::{Attendee, Guardian},
    audit::Actor,
    contact::EmailAddress,
    id::{PlaceId, RegistrationId, SessionCode},
    place::{Place, PlaceState, PlaceStatus},
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
pub struct Change<'a> {
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, if they said.
    pub why: Option<&'a str>,
}

/// Adds a place.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has no place left for it.
pub async fn insert(
    tx: &mut Tx,
    session: &SessionCode,
    registration: RegistrationId,
    place: &Place,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let (state, until, queue) = columns(place.state);
    let attendee = place.attendee.as_ref();
    let guardian = attendee.and_then(|attendee| attendee.guardian.as_ref());
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
        change.at,
        change.by.to_string(),
        change.why,
    )?;
    Ok(())
}

/// Writes a place's state, which the domain has allowed.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has no place left for it.
pub async fn set_state(
    tx: &mut Tx,
    place: PlaceId,
    state: PlaceState,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let (state, until, queue) = columns(state);
    run!(
        exec,
        tx,
        "update places set state = $2, until = $3, queue = $4, changed_at = $5, changed_by = $6,
             reason = $7 where id = $1",
        place.uuid(),
        state,
        until,
        queue,
        change.at,
        change.by.to_string(),
        change.why,
    )?;
    Ok(())
}

/// Puts a place aside because a new one stands in for it.
///
/// # Errors
/// [`StoreError`].
pub async fn supersede(tx: &mut Tx, place: PlaceId) -> Result<(), StoreError> {
    run!(exec, tx, "update places set superseded = $2 where id = $1", place.uuid(), true)?;
    Ok(())
}

/// Writes who sits on a place.
///
/// # Errors
/// [`StoreError`].
pub async fn set_attendee(
    tx: &mut Tx,
    place: PlaceId,
    attendee: &Attendee,
) -> Result<(), StoreError> {
    let guardian = attendee.guardian.as_ref();
    run!(
        exec,
        tx,
        "update places set name = $2, email = $3, dietary = $4, access = $5, guardian_name = $6,
             guardian_contact = $7, person = null where id = $1",
        place.uuid(),
        attendee.name.as_str(),
        attendee.email.as_ref().map(EmailAddress::as_str),
        attendee.dietary.as_ref().map(Need::as_str),
        attendee.access.as_ref().map(Need::as_str),
        guardian.map(|g| g.name.as_str()),
        guardian.map(|g| g.contact.as_str()),
    )?;
    Ok(())
}
