//! Places: who sits there, and in which state.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError,
    codec::parse,
    place_rows::{NewPlace, PlaceRow, columns},
    reserves, rows,
    session_lock::Locked,
};
use crate::domain::{
    attendee::Attendee,
    audit::Actor,
    contact::EmailAddress,
    finding::folded,
    id::{PlaceId, RegistrationId, SessionCode},
    place::{Move, Place},
    text::Need,
};

const TABLE: &str = "places";

arguments! {
    struct MovedPlaces<'a> {
        ids: String,
        session: &'a str,
        from_state: &'a str,
        state: &'a str,
        until: Option<DateTime<Utc>>,
        queue: Option<i64>,
        changed_at: DateTime<Utc>,
        changed_by: String,
        reason: Option<&'a str>,
    }
}

arguments! {
    struct AttendeeColumns<'a> {
        id: Uuid,
        session: &'a str,
        name: &'a str,
        name_key: String,
        email: Option<&'a str>,
        dietary: Option<&'a str>,
        access: Option<&'a str>,
        allergy: bool,
        interpreter: bool,
        guardian_name: Option<&'a str>,
        guardian_contact: Option<&'a str>,
    }
}

statements! {
    OF_REGISTRATION: PlaceRow =
        "select * from places where registration = $1 and state <> 'expired' and not superseded
         order by number";

    OF_REGISTRATIONS: PlaceRow = {
        sqlite: "select * from places where registration in (select unhex(value) from json_each($1))
              and state <> 'expired' and not superseded order by registration, number",
        postgres: "select * from places
            where registration = any(array(select json_array_elements_text($1::json)::uuid))
              and state <> 'expired' and not superseded order by registration, number",
    };

    EXPIRED_OF_REGISTRATION: PlaceRow =
        "select * from places where registration = $1 and state = 'expired'
         order by changed_at desc, number";

    OF_SESSION: PlaceRow =
        "select * from places where session = $1 and state <> 'expired' and not superseded
         order by registration, number";

    SPENT_OFFERS: PlaceRow =
        "select * from places
         where session = $1 and state = 'offered' and until <= $2 order by queue, number";

    REGISTRATION_OF: Uuid = "select registration from places where id = $1";

    INSERT = {
        sqlite: "insert into places (id, registration, session, number, name, name_key, email, dietary,
                access, allergy, interpreter, guardian_name, guardian_contact, state, until, queue,
                changed_at, changed_by, reason)
            select unhex(value ->> 'id'), $2, $3, value ->> 'number', value ->> 'name',
                value ->> 'name_key', value ->> 'email', value ->> 'dietary', value ->> 'access',
                value ->> 'allergy', value ->> 'interpreter', value ->> 'guardian_name', value ->> 'guardian_contact', value ->> 'state',
                value ->> 'until', value ->> 'queue', $4, $5, $6
            from json_each($1)",
        postgres: "insert into places (id, registration, session, number, name, name_key, email, dietary,
                access, allergy, interpreter, guardian_name, guardian_contact, state, until, queue,
                changed_at, changed_by, reason)
            select id, $2, $3, number, name, name_key, email, dietary, access, allergy, interpreter,
                guardian_name, guardian_contact, state, until, queue, $4, $5, $6
            from json_to_recordset($1::json) as new(id uuid, number integer, name text, name_key text, email text,
                dietary text, access text, allergy boolean, interpreter boolean, guardian_name text, guardian_contact text, state text,
                until timestamptz, queue bigint)",
    };

    /// The signs before `session` and `state` keep SQLite from walking all places of the session.
    MOVE(MovedPlaces) = {
        sqlite: "update places set state = :state, until = :until, queue = :queue,
                changed_at = :changed_at, changed_by = :changed_by, reason = :reason
            where id in (select unhex(value) from json_each(:ids))
              and +session = :session and +state = :from_state",
        postgres: "update places set state = :state, until = :until, queue = :queue,
                changed_at = :changed_at, changed_by = :changed_by, reason = :reason
            where id = any(array(select json_array_elements_text(:ids::json)::uuid))
              and session = :session and state = :from_state",
    };

    LAST_CHANGE: (DateTime<Utc>, String, Option<String>) =
        "select changed_at, changed_by, reason from places where id = $1";

    SUPERSEDE = "update places set superseded = $3 where id = $1 and session = $2";

    GIVE_TO = "update places set registration = $3, number = 1 where id = $1 and session = $2";

    CANCEL_ALL =
        "update places set state = 'cancelled', until = null, queue = null, changed_at = $2,
             changed_by = $3, reason = $4
         where session = $1 and state in ('held', 'requested', 'waiting', 'offered', 'confirmed')
           and not (state = 'confirmed' and exists (
               select 1 from attendances a
               where a.place = places.id and a.presence = 'attended'))";

    SET_ATTENDEE(AttendeeColumns) =
        "update places set name = :name, name_key = :name_key, email = :email, dietary = :dietary, access = :access,
             allergy = :allergy, interpreter = :interpreter, guardian_name = :guardian_name,
             guardian_contact = :guardian_contact, person = null
         where id = :id and session = :session";

    UNNAME = "update places set name = null, name_key = null, email = null, dietary = null, access = null,
             allergy = false, interpreter = false, guardian_name = null, guardian_contact = null, person = null
         where id = $1 and session = $2";

    CORRECT_ATTENDEE(AttendeeColumns) =
        "update places set name = :name, name_key = :name_key, email = :email, dietary = :dietary, access = :access,
             allergy = :allergy, interpreter = :interpreter, guardian_name = :guardian_name,
             guardian_contact = :guardian_contact
         where id = :id and session = :session";
}

/// The places of a registration, without those that ran out while its leader typed.
pub async fn of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<Place>, StoreError> {
    let rows = OF_REGISTRATION.all(conn, [registration.uuid()]).await?;
    rows.into_iter().map(PlaceRow::read).collect()
}

/// The places of a registration that ran out, as they were typed, latest first, by number.
pub async fn expired_of_registration(
    conn: &mut Conn,
    registration: RegistrationId,
) -> Result<Vec<Place>, StoreError> {
    let rows = EXPIRED_OF_REGISTRATION.all(conn, [registration.uuid()]).await?;
    rows.into_iter().map(PlaceRow::read).collect()
}

/// The places of a session by registration, without those that ran out.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<RegistrationId, Vec<Place>>, StoreError> {
    by_registration(OF_SESSION.all(conn, [session.as_str()]).await?)
}

/// The places of some registrations, whose keys are `keys` as JSON.
pub(super) async fn of_registrations(
    conn: &mut Conn,
    keys: &str,
) -> Result<HashMap<RegistrationId, Vec<Place>>, StoreError> {
    by_registration(OF_REGISTRATIONS.all(conn, [keys]).await?)
}

fn by_registration(rows: Vec<PlaceRow>) -> Result<HashMap<RegistrationId, Vec<Place>>, StoreError> {
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
    let rows = SPENT_OFFERS.all(conn, (session.as_str(), now)).await?;
    rows.into_iter().map(|row| Ok((RegistrationId::new(row.registration), row.read()?))).collect()
}

/// When a place came to be as it is, by whom, and what was said about why.
pub async fn last_change(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Option<(DateTime<Utc>, Actor, Option<String>)>, StoreError> {
    let row = LAST_CHANGE.optional(conn, [place.uuid()]).await?;
    let read =
        |(at, by, why): (_, String, _)| Ok((at, parse("places", "changed_by", &place, &by)?, why));
    row.map(read).transpose()
}

/// The registration a place belongs to.
pub async fn registration_of(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Option<RegistrationId>, StoreError> {
    let row = REGISTRATION_OF.optional_value(conn, [place.uuid()]).await?;
    Ok(row.map(RegistrationId::new))
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

/// Adds places of a registration on the session that is locked, with whatever is asked next.
///
/// # Errors
/// [`StoreError::Oversold`] when the session has too few places left for them: of what is asked next, or of the
/// commit.
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
    let (id, by) = (registration.uuid(), cause.by.to_string());
    INSERT.later(tx, (new, id, session.as_str(), cause.at, by, cause.why)).await?;
    reserves::recount(locked).await
}

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
        let moved = MovedPlaces {
            ids: rows::json(&ids)?,
            session: session.as_str(),
            from_state: first.from().as_str(),
            state,
            until,
            queue,
            changed_at: cause.at,
            changed_by: cause.by.to_string(),
            reason: cause.why,
        };
        let written = MOVE.run(tx, moved).await?;
        if written != alike.len() as u64 {
            return Err(StoreError::Stale { table: TABLE, row: first.place().to_string() });
        }
    }
    reserves::recount(locked).await
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
    let (tx, session) = locked.parts();
    one(SUPERSEDE.run(tx, (place.uuid(), session.as_str(), true)).await?, place)
}

/// Makes a place the first of another booking, which has no other: whoever sits there keeps it, with all that was
/// told of it.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn give_to(
    locked: &mut Locked<'_>,
    place: PlaceId,
    registration: RegistrationId,
) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    let given = GIVE_TO.run(tx, (place.uuid(), session.as_str(), registration.uuid())).await?;
    one(given, place)
}

/// Ends every open place of a session that is locked: it is called off.
pub async fn cancel_all(locked: &mut Locked<'_>, cause: Cause<'_>) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    CANCEL_ALL.run(tx, (session.as_str(), cause.at, cause.by.to_string(), cause.why)).await?;
    reserves::recount(locked).await
}

/// Writes who sits on a place: somebody nobody knows yet.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn set_attendee(
    locked: &mut Locked<'_>,
    place: PlaceId,
    attendee: &Attendee,
) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    one(SET_ATTENDEE.run(tx, attendee_columns(place, session, attendee)).await?, place)
}

/// Takes the name off a place: it is to follow.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn unname(locked: &mut Locked<'_>, place: PlaceId) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    one(UNNAME.run(tx, (place.uuid(), session.as_str())).await?, place)
}

/// Writes the details of whoever sits on a place; she stays the person she was recognised as.
///
/// # Errors
/// [`StoreError::Stale`] when the session that is locked has no such place.
pub async fn correct_attendee(
    locked: &mut Locked<'_>,
    place: PlaceId,
    attendee: &Attendee,
) -> Result<(), StoreError> {
    let (tx, session) = locked.parts();
    one(CORRECT_ATTENDEE.run(tx, attendee_columns(place, session, attendee)).await?, place)
}

fn attendee_columns<'a>(
    place: PlaceId,
    session: &'a SessionCode,
    attendee: &'a Attendee,
) -> AttendeeColumns<'a> {
    let guardian = attendee.guardian.as_ref();
    AttendeeColumns {
        id: place.uuid(),
        session: session.as_str(),
        name: attendee.name.as_str(),
        name_key: folded(attendee.name.as_str()),
        email: attendee.email.as_ref().map(EmailAddress::as_str),
        dietary: attendee.dietary.as_ref().map(Need::as_str),
        access: attendee.access.as_ref().map(Need::as_str),
        allergy: attendee.ticks.allergy,
        interpreter: attendee.ticks.interpreter,
        guardian_name: guardian.map(|g| g.name.as_str()),
        guardian_contact: guardian.map(|g| g.contact.as_str()),
    }
}
